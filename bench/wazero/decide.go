package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sort"

	"github.com/tetratelabs/wazero"
)

// decideResult is what handle_request takes for a warm request, the median of each batch, under two configurations.
type decideResult struct {
	// Microseconds.
	One   samples `json:"one"`
	Other samples `json:"other"`
}

// decide sends a request again and again to a guest of each configuration, a batch to the one and a batch to the
// other: what disturbs the machine disturbs both.
func decide(o options) (any, error) {
	ctx := context.Background()
	// One processor has one idle guest to itself: see watchMemory.
	runtime.GOMAXPROCS(1)
	request, err := readRequest(o.request)
	if err != nil {
		return nil, err
	}
	cache := wazero.NewCompilationCache()
	hosts := []*host{}
	for _, file := range []string{o.config, o.other} {
		h, err := newHostOf(ctx, o, file, cache)
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, h)
	}
	return compare(hosts, o.batches, func(h *host) (float64, error) { return h.medianOf(request, o.requests) })
}

// compare takes a median of each of two hosts in turn, batch after batch.
func compare(hosts []*host, batches int, median func(*host) (float64, error)) (any, error) {
	result := decideResult{}
	for batch := -1; batch < batches; batch++ {
		medians := make([]float64, len(hosts))
		for at := range hosts {
			// In turn the first: after the other's batch the caches are its own.
			number := (at + batch + 1) % len(hosts)
			var err error
			if medians[number], err = median(hosts[number]); err != nil {
				return nil, err
			}
		}
		// The first batch makes the guests, verifies the token and warms up.
		if batch >= 0 {
			result.One = append(result.One, medians[0])
			result.Other = append(result.Other, medians[1])
		}
	}
	return result, nil
}

// medianOf is what handle_request takes, in microseconds: of what interrupts one of them the median knows nothing.
func (h *host) medianOf(request *http.Request, count int) (float64, error) {
	passed := 0
	h.next = func(http.ResponseWriter, *http.Request) { passed++ }
	times := samples{}
	for i := 0; i < count; i++ {
		h.ServeHTTP(newSink(), again(request))
		times.add(h.guests[len(h.guests)-1].took)
	}
	if passed != count {
		return 0, fmt.Errorf("of %d requests %d were let through", count, passed)
	}
	sort.Float64s(times)
	return times[count/2], nil
}
