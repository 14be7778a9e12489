package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/http-wasm/http-wasm-host-go/api"
	"github.com/http-wasm/http-wasm-host-go/handler"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"
)

// order is one JSON object on standard input; each is answered by one on standard output, but for a request that is
// forwarded: then the answer is a reply with Forwarded, and the next order is the upstream's response.
type order struct {
	Op string `json:"op"`
	// Guest is the number that the caller gives it; modules have numbers of the same kind.
	Guest int `json:"guest"`
	// Now is the wall clock of all guests from here on, in milliseconds.
	Now float64 `json:"now"`

	// load, open
	Wasm   string  `json:"wasm"`
	Config text    `json:"config"`
	Mounts []mount `json:"mounts"`
	Env    []pair  `json:"env"`
	// handle
	Request *incoming `json:"request"`
	// respond
	Response *outgoing `json:"response"`
	// call; memory: of what the export of that name points to, as many bytes
	Size   uint32     `json:"size"`
	Name   string     `json:"name"`
	Args   []argument `json:"args"`
	Result string     `json:"result"`
}

type mount struct {
	Host     string `json:"host"`
	Guest    string `json:"guest"`
	ReadOnly bool   `json:"readOnly"`
}

type reply struct {
	Error string `json:"error,omitempty"`
	// Of a start, a check and a request: what the guest logged, and its memory in pages of 64 KiB.
	Logs  []line `json:"logs,omitempty"`
	Pages uint32 `json:"pages,omitempty"`
	// Guests that were made under this number; it stays 1.
	Guests int `json:"guests,omitempty"`
	// check
	Errors int32 `json:"errors"`
	// handle
	Forwarded *forwarded `json:"forwarded,omitempty"`
	Response  *outgoing  `json:"response,omitempty"`
	Trap      string     `json:"trap,omitempty"`
	// call
	Number int64  `json:"number"`
	Bytes  []byte `json:"bytes,omitempty"`
	// The first line: what this program is.
	Go   string `json:"go,omitempty"`
	Arch string `json:"arch,omitempty"`
}

type line struct {
	Level   api.LogLevel `json:"level"`
	Message text         `json:"message"`
}

// journal is what a guest has logged since it was last asked.
type journal struct{ lines []line }

func (*journal) IsEnabled(api.LogLevel) bool { return true }

func (j *journal) Log(_ context.Context, level api.LogLevel, message string) {
	j.lines = append(j.lines, line{level, text(message)})
}

func (j *journal) take() []line {
	taken := j.lines
	j.lines = nil
	return taken
}

type served struct {
	*host
	*journal
}

type server struct {
	in      *json.Decoder
	out     *json.Encoder
	cache   wazero.CompilationCache
	now     time.Time
	guests  map[int]*served
	modules map[int]*module
}

// serve does as it is told until standard input ends: tests keep guests here, and decide what happens to them.
func serve(o options) (any, error) {
	// As the benchmark: nothing runs beside the guest but what it needs.
	runtime.GOMAXPROCS(1)
	cache, err := wazero.NewCompilationCacheWithDir(o.cache)
	if err != nil {
		return nil, err
	}
	s := server{
		in: json.NewDecoder(os.Stdin), out: json.NewEncoder(os.Stdout), cache: cache,
		guests: map[int]*served{}, modules: map[int]*module{},
	}
	if err := s.out.Encode(reply{Go: runtime.Version(), Arch: runtime.GOARCH}); err != nil {
		return nil, err
	}
	for {
		var next order
		if err := s.in.Decode(&next); errors.Is(err, io.EOF) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		answer, err := s.obey(context.Background(), next)
		if err != nil {
			answer.Error = err.Error()
		}
		if err := s.out.Encode(answer); err != nil {
			return nil, err
		}
	}
}

func (s *server) obey(ctx context.Context, o order) (reply, error) {
	s.tell(o)
	switch o.Op {
	case "load":
		return s.load(ctx, o)
	case "check", "handle", "memory", "close":
		guest, known := s.guests[o.Guest]
		if !known {
			return reply{}, fmt.Errorf("no guest %d", o.Guest)
		}
		switch o.Op {
		case "check":
			return guest.check(ctx)
		case "handle":
			return s.handle(ctx, guest, o.Request)
		case "memory":
			return guest.memory(ctx, o)
		}
		delete(s.guests, o.Guest)
		return reply{}, guest.Runtime.Close(ctx)
	case "open":
		opened, err := s.open(ctx, o.Wasm)
		s.modules[o.Guest] = opened
		return reply{}, err
	case "call":
		opened, known := s.modules[o.Guest]
		if !known {
			return reply{}, fmt.Errorf("no module %d", o.Guest)
		}
		return opened.call(ctx, o)
	default:
		return reply{}, fmt.Errorf("op %q", o.Op)
	}
}

// tell sets the clock.
func (s *server) tell(o order) {
	if o.Now != 0 {
		s.now = time.UnixMilli(int64(o.Now))
	}
}

func (s *server) load(ctx context.Context, o order) (reply, error) {
	code, err := os.ReadFile(o.Wasm)
	if err != nil {
		return reply{}, err
	}
	files := wazero.NewFSConfig()
	for _, m := range o.Mounts {
		if m.ReadOnly {
			files = files.WithReadOnlyDirMount(m.Host, m.Guest)
		} else {
			files = files.WithDirMount(m.Host, m.Guest)
		}
	}
	clock := func() (int64, int32) { return s.now.Unix(), int32(s.now.Nanosecond()) }
	config := wazero.NewModuleConfig().WithWalltime(clock, sys.ClockResolution(time.Microsecond)).WithFSConfig(files)
	for _, variable := range o.Env {
		config = config.WithEnv(string(variable[0]), string(variable[1]))
	}
	guest := &served{journal: &journal{}}
	guest.host, err = assemble(ctx, &observed{single: true}, s.cache, code,
		handler.ModuleConfig(config), handler.Logger(guest.journal), handler.GuestConfig([]byte(o.Config)))
	if err != nil {
		return reply{}, err
	}
	s.guests[o.Guest] = guest
	return guest.report(reply{}), nil
}

// report adds what there is to say of the guest.
func (g *served) report(r reply) reply {
	r.Logs = g.take()
	r.Guests = len(g.guests)
	r.Pages = g.guests[0].Memory().Size() >> 16
	if trap := g.guests[0].trap; trap != nil {
		r.Trap = trap.Error()
		g.guests[0].trap = nil
	}
	return r
}

func (g *served) check(ctx context.Context) (reply, error) {
	results, err := g.guests[0].ExportedFunction("check").Call(ctx)
	if err != nil {
		return g.report(reply{}), err
	}
	return g.report(reply{Errors: int32(results[0])}), nil
}

// memory is what a guest has at the address that an export of its own gives.
func (g *served) memory(ctx context.Context, o order) (reply, error) {
	module := g.guests[0].Module
	results, err := module.ExportedFunction(o.Name).Call(ctx)
	if err != nil {
		return reply{}, err
	}
	view, inside := module.Memory().Read(uint32(results[0]), o.Size)
	if !inside {
		return reply{}, fmt.Errorf("%s is outside of the memory", o.Name)
	}
	return reply{Bytes: append([]byte{}, view...)}, nil
}

func (s *server) handle(ctx context.Context, guest *served, sent *incoming) (reply, error) {
	var failure error
	guest.next = func(w http.ResponseWriter, r *http.Request) {
		var whole bool
		if whole, failure = s.forward(w, r); failure != nil || !whole {
			// As net/http/httputil ends a response that breaks off.
			panic(http.ErrAbortHandler)
		}
	}
	client := newClient()
	client.serve(guest, sent.request(ctx))
	return guest.report(reply{Response: client.response()}), failure
}

// forward hands a request to the caller, and writes what comes back. False: the response broke off.
func (s *server) forward(w http.ResponseWriter, r *http.Request) (bool, error) {
	if err := s.out.Encode(reply{Forwarded: forwardedOf(r)}); err != nil {
		return false, err
	}
	var next order
	if err := s.in.Decode(&next); err != nil {
		return false, err
	}
	if next.Op != "respond" || next.Response == nil {
		return false, fmt.Errorf("op %q in the place of the upstream's response", next.Op)
	}
	s.tell(next)
	return next.Response.Complete, next.Response.write(w)
}
