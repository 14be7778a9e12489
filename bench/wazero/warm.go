package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"sort"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

// contender is a middleware and the requests that it is asked. Without a module there is none: a request comes to what
// is behind it at once.
type contender struct {
	Name     string `json:"name"`
	Wasm     string `json:"wasm"`
	Config   text   `json:"config"`
	Requests []text `json:"requests"`
}

// warmPlan is what `wazero warm` reads.
type warmPlan struct {
	Contenders []contender `json:"contenders"`
	// Guests is how many requests are in flight together, one after the other of these.
	Guests  []int `json:"guests"`
	Batches int   `json:"batches"`
	// Requests of a batch, in at least four rounds. Batches are short because the processor's speed changes meanwhile.
	Requests int `json:"requests"`
	// Cold is how many bytes are read before each request, as the proxy, the network and other requests do under load.
	Cold int `json:"cold"`
}

// cost is of one request, a sample for each batch.
type cost struct {
	// Microseconds, of the way in and of the way back: the median of the batch's rounds.
	Time samples `json:"time"`
	// Allocations on Go's heap; a guest's memory is not on it.
	Allocations samples `json:"allocations"`
	Bytes       samples `json:"bytes"`
	// Instructions in user space; none if the kernel does not count them here.
	Instructions samples `json:"instructions"`
}

type warmResult struct {
	Guests int `json:"guests"`
	// Costs by the contender's name.
	Costs map[string]*cost `json:"costs"`
}

// warm measures a request that guests take in turn, as under load, where each finds that the others have used the
// processor's caches. A batch goes to one contender and a batch to the next: what disturbs the machine disturbs all.
func warm(o options) (any, error) {
	// One processor has all idle guests to itself: see watchMemory.
	runtime.GOMAXPROCS(1)
	// The kernel counts instructions by thread.
	runtime.LockOSThread()
	content, err := os.ReadFile(o.plan)
	if err != nil {
		return nil, err
	}
	plan := warmPlan{}
	if err := json.Unmarshal(content, &plan); err != nil {
		return nil, err
	}
	lanes, others := []*lane{}, make([]byte, plan.Cold)
	for _, c := range plan.Contenders {
		l, err := newLane(c, others)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		lanes = append(lanes, l)
	}
	counter := openCounter()
	results := []warmResult{}
	for _, guests := range plan.Guests {
		result := warmResult{guests, map[string]*cost{}}
		for _, l := range lanes {
			result.Costs[l.name] = &cost{Instructions: samples{}}
		}
		// The first batch makes the guests and verifies the token.
		for batch := -1; batch < plan.Batches; batch++ {
			for at := range lanes {
				// In turn the first: after the other's batch the caches are its own.
				l, into := lanes[(at+batch+1)%len(lanes)], &cost{}
				if batch >= 0 {
					into = result.Costs[l.name]
				}
				if err := l.batch(guests, max(4, plan.Requests/guests), counter, into); err != nil {
					return nil, fmt.Errorf("%s: %w", l.name, err)
				}
			}
		}
		results = append(results, result)
	}
	return results, nil
}

// lane is a contender that is ready.
type lane struct {
	*host
	name     string
	requests []question
	asked    int
	// others is memory that is not the request's.
	others []byte
	seen   byte
	// since is when the request has come to the middleware, or has left what is behind it.
	since time.Time
	took  time.Duration
}

type question struct {
	*http.Request
	body []byte
}

func newLane(c contender, others []byte) (*lane, error) {
	ctx := context.Background()
	h := &host{}
	if c.Wasm == "" {
		h.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.next(w, r) })
	} else {
		var err error
		of := options{wasm: c.Wasm}
		if h, err = newHostWith(ctx, of, []byte(c.Config), wazero.NewCompilationCache()); err != nil {
			return nil, err
		}
	}
	l := &lane{host: h, name: c.Name, others: others}
	for _, wire := range c.Requests {
		request, body, err := parseRequest(strings.NewReader(string(wire)))
		if err != nil {
			return nil, err
		}
		l.requests = append(l.requests, question{request, body})
	}
	return l, nil
}

// ask sends the next of the requests.
func (l *lane) ask() {
	q := l.requests[l.asked%len(l.requests)]
	l.asked++
	request := again(q.Request)
	request.Body = http.NoBody
	if len(q.body) > 0 {
		request.Body = io.NopCloser(bytes.NewReader(q.body))
	}
	response := newSink()
	for at := 0; at < len(l.others); at += 64 {
		l.seen += l.others[at]
	}
	l.since = time.Now()
	l.ServeHTTP(response, request)
	l.took += time.Since(l.since)
}

// round has each of the guests take a request, which waits until the next one's has returned. It takes the time that
// the middleware had them.
func (l *lane) round(guests int) (time.Duration, error) {
	alive := 0
	l.took = 0
	l.next = func(http.ResponseWriter, *http.Request) {
		l.took += time.Since(l.since)
		if alive++; alive < guests {
			l.ask()
		}
		l.since = time.Now()
	}
	l.ask()
	if alive != guests {
		return 0, fmt.Errorf("of %d requests %d were let through", guests, alive)
	}
	return l.took, nil
}

func (l *lane) batch(guests, rounds int, counter *counter, into *cost) error {
	// Not counted: two collections since this one's last batch, and its guests are new.
	if _, err := l.round(guests); err != nil {
		return err
	}
	times := make(samples, 0, rounds)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	counted := counter.read()
	for i := 0; i < rounds; i++ {
		took, err := l.round(guests)
		if err != nil {
			return err
		}
		times.add(took)
	}
	counted = counter.read() - counted
	runtime.ReadMemStats(&after)
	sort.Float64s(times)
	requests := float64(rounds * guests)
	into.Time = append(into.Time, times[len(times)/2]/float64(guests))
	into.Allocations = append(into.Allocations, float64(after.Mallocs-before.Mallocs)/requests)
	into.Bytes = append(into.Bytes, float64(after.TotalAlloc-before.TotalAlloc)/requests)
	if counter != nil {
		into.Instructions = append(into.Instructions, float64(counted)/requests)
	}
	return nil
}
