package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sort"
	"time"

	"github.com/tetratelabs/wazero"
)

// warm times a request that each of the guests takes in turn, as under load, where each finds that the others have
// used the processor's caches. A batch goes to one module and a batch to the other: what disturbs the machine
// disturbs both. Without -against the other is the same.
func warm(o options) (any, error) {
	ctx := context.Background()
	// One processor has one idle guest to itself: see watchMemory.
	runtime.GOMAXPROCS(1)
	request, err := readRequest(o.request)
	if err != nil {
		return nil, err
	}
	hosts := []*host{}
	for _, file := range []string{o.wasm, o.against} {
		of := o
		if file != "" {
			of.wasm = file
		}
		h, err := newHost(ctx, of, wazero.NewCompilationCache())
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, h)
	}
	return compare(hosts, o.batches, func(h *host) (float64, error) {
		return h.medianInTurn(request, o.guests, o.requests/o.guests)
	})
}

// medianInTurn is the time from the middleware to what is behind it, in microseconds. Each of the guests' requests
// waits for the next one's.
func (h *host) medianInTurn(request *http.Request, guests, rounds int) (float64, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return 0, err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	times := samples{}
	for round := 0; round < rounds; round++ {
		alive := 0
		var begin time.Time
		send := func() {
			next := again(request)
			next.Body = io.NopCloser(bytes.NewReader(body))
			begin = time.Now()
			h.ServeHTTP(newSink(), next)
		}
		h.next = func(http.ResponseWriter, *http.Request) {
			times.add(time.Since(begin))
			if alive++; alive < guests {
				send()
			}
		}
		send()
		if alive != guests {
			return 0, fmt.Errorf("of %d requests %d were let through", guests, alive)
		}
	}
	sort.Float64s(times)
	return times[len(times)/2], nil
}
