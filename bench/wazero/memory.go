package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

type memoryResult struct {
	Requests int `json:"requests"`
	// Guests that were made; 1: the same one has seen all requests.
	Guests int `json:"guests"`
	// Pages of 64 KiB after that many requests, whenever they had grown, and at the end.
	Pages []growth `json:"pages"`
	// How many of each kind were sent, all as they had to be answered.
	Kinds map[string]int `json:"kinds"`
	// Bytes of the shortest and the longest token.
	Shortest int     `json:"shortest"`
	Longest  int     `json:"longest"`
	Seconds  float64 `json:"seconds"`
}

type growth struct {
	Requests int    `json:"requests"`
	Pages    uint32 `json:"pages"`
}

// watchMemory sends distinct tokens to one guest, one at a time, and looks at its memory after each.
func watchMemory(o options) (any, error) {
	ctx := context.Background()
	// A sync.Pool keeps one idle guest to itself for each processor: with one there is only one guest.
	runtime.GOMAXPROCS(1)
	signer, err := newSigner(o.keys, o.onlyRSA)
	if err != nil {
		return nil, err
	}
	h, err := newHost(ctx, o, wazero.NewCompilationCache())
	if err != nil {
		return nil, err
	}
	guest := h.guests[0]
	result := memoryResult{Requests: o.requests, Kinds: map[string]int{}, Shortest: 1 << 20}
	passed := false
	h.next = func(http.ResponseWriter, *http.Request) { passed = true }
	begin, shown := time.Now(), time.Now()
	pages := func(requests int) {
		size := guest.Memory().Size() >> 16
		if last := len(result.Pages) - 1; last < 0 || result.Pages[last].Pages != size || requests == o.requests {
			result.Pages = append(result.Pages, growth{requests, size})
		}
	}
	pages(0)
	for number := 0; number < o.requests; number++ {
		// Not ahead and beside: with two collections between two requests the pool would let the guest go.
		token := signer.token(number)
		passed = false
		h.ServeHTTP(newSink(), requestWith(token.text, number))
		if passed != token.good {
			return nil, fmt.Errorf("%s: let through: %v", token.kind, passed)
		}
		result.Kinds[token.kind]++
		result.Shortest = min(result.Shortest, len(token.text))
		result.Longest = max(result.Longest, len(token.text))
		pages(number + 1)
		if time.Since(shown) > 5*time.Second {
			shown = time.Now()
			fmt.Fprintf(os.Stderr, "%d requests, %d pages\n", number+1, guest.Memory().Size()>>16)
		}
	}
	result.Guests = len(h.guests)
	result.Seconds = time.Since(begin).Seconds()
	return result, nil
}

// requestWith is a read, and every tenth a write, which the audit tells of.
func requestWith(token string, number int) *http.Request {
	request := &http.Request{
		Method:     http.MethodGet,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Host:       "prefect.example.com",
		Header: http.Header{
			"Accept":        {"*/*"},
			"User-Agent":    {"prefect/3.8.8 (API 0.8.4)"},
			"Authorization": {"Bearer " + token},
		},
		Body: io.NopCloser(strings.NewReader("")),
	}
	path := fmt.Sprintf("/api/flow_runs/%032x", number)
	if number%10 == 0 {
		request.Method = http.MethodPost
		path += "/set_state"
	}
	request.URL = &url.URL{Path: path}
	request.RequestURI = path
	asForwarded(request)
	return request
}
