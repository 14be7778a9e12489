package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/tetratelabs/wazero"
)

// samples are times in microseconds.
type samples []float64

func (s *samples) add(d time.Duration) { *s = append(*s, float64(d.Nanoseconds())/1e3) }

type startupResult struct {
	// Compile is the one-time translation to machine code; Milliseconds.
	Compile float64 `json:"compile"`
	// Instantiate and Initialize add up to a new guest.
	Instantiate samples `json:"instantiate"`
	Initialize  samples `json:"initialize"`
	Guest       samples `json:"guest"`
	// FirstRequest is handle_request of a guest that has seen none, with a token to verify; Warm the same guest's
	// next ones, with all that net/http's side of the middleware costs.
	FirstRequest samples `json:"firstRequest"`
	Warm         samples `json:"warm"`
	// Rotating is a warm request on the way in when all guests take turns, as they do under load: each finds that
	// the others have used the processor's caches.
	Rotating samples `json:"rotating"`
	// Bytes of Go's heap for each guest that is alive, after one request.
	HeapPerGuest float64 `json:"heapPerGuest"`
	Pages        uint32  `json:"pages"`
}

// startup makes new guests in the one way in which Traefik makes them: a request comes and no guest is idle. Here
// that is because each request, on its way, is held until another one has come. With -against the batches of two
// modules alternate: what disturbs the machine disturbs both.
func startup(o options) (any, error) {
	ctx := context.Background()
	request, err := readRequest(o.request)
	if err != nil {
		return nil, err
	}
	cache := wazero.NewCompilationCache()
	files := []string{o.wasm}
	if o.against != "" {
		files = append(files, o.against)
	}
	results := make([]startupResult, len(files))
	for i, file := range files {
		if results[i].Compile, err = compileTime(ctx, file, cache); err != nil {
			return nil, err
		}
	}
	for batch := 0; batch < o.batches; batch++ {
		for at := range files {
			// In turn the first: after the other's batch the caches are its own.
			number := (at + batch) % len(files)
			of := o
			of.wasm = files[number]
			if err := startBatch(ctx, of, request, cache, &results[number]); err != nil {
				return nil, fmt.Errorf("%s: %w", of.wasm, err)
			}
		}
	}
	return results, nil
}

// compileTime is in milliseconds; the cache then holds the code.
func compileTime(ctx context.Context, file string, cache wazero.CompilationCache) (float64, error) {
	code, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	compiler := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(cache))
	_, err = compiler.CompileModule(ctx, code)
	return float64(time.Since(begin).Microseconds()) / 1e3, err
}

func startBatch(
	ctx context.Context, o options, request *http.Request, cache wazero.CompilationCache, result *startupResult,
) error {
	h, err := newHost(ctx, o, cache)
	if err != nil {
		return err
	}
	if err := h.nest(request, o.guests, result); err != nil {
		return err
	}
	// The first is made by the middleware before any request, on pages that are cold.
	for _, birth := range h.births[1:] {
		result.Instantiate.add(birth.instantiate)
		result.Initialize.add(birth.initialize)
		result.Guest.add(birth.instantiate + birth.initialize)
	}
	h.rotate(request, o.guests, result)
	h.repeat(request, 20*o.guests, result)
	return h.Close(ctx)
}

// nest sends requests each of which waits for the next one, so that each needs a guest of its own.
func (h *host) nest(request *http.Request, depth int, result *startupResult) error {
	before := heap()
	alive, born := 0, len(h.births)
	h.next = func(http.ResponseWriter, *http.Request) {
		alive++
		// Not the one that the middleware has made before: that one is not new.
		if len(h.births) > born {
			result.FirstRequest.add(time.Since(h.births[len(h.births)-1].done))
			born = len(h.births)
		}
		if alive < depth {
			h.ServeHTTP(newSink(), again(request))
			return
		}
		// Later batches begin while what is left of the ones before them is still being freed.
		if result.HeapPerGuest == 0 {
			result.HeapPerGuest = float64(heap()-before) / float64(depth)
		}
		result.Pages = h.guests[len(h.guests)-1].Memory().Size() >> 16
	}
	h.ServeHTTP(newSink(), again(request))
	if alive != depth {
		return fmt.Errorf("of %d requests %d were let through", depth, alive)
	}
	return nil
}

// rotate sends requests that wait for each other again, now that there is a guest for each.
func (h *host) rotate(request *http.Request, depth int, result *startupResult) {
	for round := 0; round < 10; round++ {
		alive := 0
		next := again(request)
		begin := time.Now()
		h.next = func(http.ResponseWriter, *http.Request) {
			result.Rotating.add(time.Since(begin))
			if alive++; alive < depth {
				next = again(request)
				begin = time.Now()
				h.ServeHTTP(newSink(), next)
			}
		}
		h.ServeHTTP(newSink(), next)
	}
}

// repeat sends the same request again and again, one at a time: of the idle guests the last used one takes it.
func (h *host) repeat(request *http.Request, times int, result *startupResult) {
	h.next = func(http.ResponseWriter, *http.Request) {}
	for i := 0; i < times; i++ {
		next, response := again(request), newSink()
		begin := time.Now()
		h.ServeHTTP(response, next)
		result.Warm.add(time.Since(begin))
	}
}

func again(request *http.Request) *http.Request { return request.Clone(request.Context()) }

// heap is how many bytes are alive. It takes several collections: a sync.Pool lets go at the second, and what guests
// that are closed have held is free only after their finalizers have run.
func heap() int64 {
	for i := 0; i < 5; i++ {
		runtime.GC()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
