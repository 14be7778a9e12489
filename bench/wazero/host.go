package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/http-wasm/http-wasm-host-go/api"
	"github.com/http-wasm/http-wasm-host-go/handler"
	wasm "github.com/http-wasm/http-wasm-host-go/handler/nethttp"
	"github.com/tetratelabs/wazero"
	wasmapi "github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// birth is how long the parts of a guest's start took.
type birth struct {
	// instantiate is wazero's part: memory, globals, data segments.
	instantiate time.Duration
	// initialize is the guest's own: it reads its configuration and its keys.
	initialize time.Duration
	done       time.Time
}

// stopwatch is a guest whose handle_request is timed: the guest's own work and its calls of the host, without what
// the middleware does around them.
type stopwatch struct {
	wasmapi.Module
	took time.Duration
	// trap is what ended a call of the guest's.
	trap error
	// kept: a pool that lets the guest go does not close it.
	kept bool
}

func (s *stopwatch) ExportedFunction(name string) wasmapi.Function {
	return watchedFunction{s.Module.ExportedFunction(name), name, s}
}

func (s *stopwatch) Close(ctx context.Context) error {
	if s.kept {
		return nil
	}
	return s.Module.Close(ctx)
}

type watchedFunction struct {
	wasmapi.Function
	name string
	*stopwatch
}

func (f watchedFunction) Call(ctx context.Context, params ...uint64) ([]uint64, error) {
	begin := time.Now()
	results, err := f.Function.Call(ctx, params...)
	if f.name == "handle_request" {
		f.took = time.Since(begin)
	}
	if err != nil {
		f.trap = err
	}
	return results, err
}

// observed is a runtime that tells of the guests that are made with it. The middleware does not know.
type observed struct {
	wazero.Runtime
	guests []*stopwatch
	births []birth
	// single: there is one guest, also when a collection has emptied the pool.
	single bool
}

// InstantiateModule does the same in two steps, so that they can be told apart.
func (o *observed) InstantiateModule(
	ctx context.Context, compiled wazero.CompiledModule, config wazero.ModuleConfig,
) (wasmapi.Module, error) {
	if o.single && len(o.guests) > 0 {
		return o.guests[0], nil
	}
	begin := time.Now()
	module, err := o.Runtime.InstantiateModule(ctx, compiled, config.WithStartFunctions())
	if err != nil {
		return nil, err
	}
	middle := time.Now()
	if _, err := module.ExportedFunction("_initialize").Call(ctx); err != nil {
		return nil, err
	}
	end := time.Now()
	guest := &stopwatch{Module: module, kept: o.single}
	o.guests = append(o.guests, guest)
	o.births = append(o.births, birth{middle.Sub(begin), end.Sub(middle), end})
	return guest, nil
}

// host is a middleware and what it leads to.
type host struct {
	http.Handler
	*observed
	// next is called for a request that the guest lets through.
	next func(http.ResponseWriter, *http.Request)
}

// newHost is a host of the benchmark's. The cache holds compiled code.
func newHost(ctx context.Context, o options, cache wazero.CompilationCache) (*host, error) {
	return newHostOf(ctx, o, o.config, cache)
}

func newHostOf(
	ctx context.Context, o options, configFile string, cache wazero.CompilationCache,
) (*host, error) {
	config, err := os.ReadFile(configFile)
	if err != nil {
		return nil, err
	}
	return newHostWith(ctx, o, config, cache)
}

func newHostWith(
	ctx context.Context, o options, config []byte, cache wazero.CompilationCache,
) (*host, error) {
	code, err := os.ReadFile(o.wasm)
	if err != nil {
		return nil, err
	}
	module := wazero.NewModuleConfig().WithSysWalltime()
	if folder, path, mounted := strings.Cut(o.mount, ":"); mounted {
		module = module.WithFSConfig(wazero.NewFSConfig().WithReadOnlyDirMount(folder, path))
	}
	return assemble(ctx, &observed{}, cache, code, handler.ModuleConfig(module), handler.Logger(logger{}),
		handler.GuestConfig(config))
}

// assemble puts a middleware together as Traefik's pkg/plugins/middlewarewasm.go does.
func assemble(
	ctx context.Context, o *observed, cache wazero.CompilationCache, code []byte, options ...handler.Option,
) (*host, error) {
	o.Runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(cache))
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, o.Runtime); err != nil {
		return nil, err
	}
	h := &host{observed: o}
	runtime := handler.Runtime(func(context.Context) (wazero.Runtime, error) { return o, nil })
	middleware, err := wasm.NewMiddleware(ctx, code, append(options, runtime)...)
	if err != nil {
		return nil, err
	}
	h.Handler = middleware.NewHandler(ctx, http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) { h.next(w, r) },
	))
	return h, nil
}

// logger shows what guests complain of, once, and drops the audit: what it costs to write is not the guest's.
type logger map[string]bool

func (logger) IsEnabled(api.LogLevel) bool { return true }

func (shown logger) Log(_ context.Context, level api.LogLevel, message string) {
	if level >= api.LogLevelWarn && !shown[message] {
		shown[message] = true
		fmt.Fprintln(os.Stderr, "guest:", message)
	}
}

// readRequest reads a request from a file, and adds what Traefik's entry point adds.
func readRequest(file string) (*http.Request, error) {
	content, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	request, body, err := parseRequest(content)
	if err != nil {
		return nil, err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	return request, nil
}

func parseRequest(content io.Reader) (*http.Request, []byte, error) {
	request, err := http.ReadRequest(bufio.NewReader(content))
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(request.Body)
	asForwarded(request)
	return request, body, err
}

func asForwarded(request *http.Request) {
	request.RemoteAddr = "127.0.0.1:40000"
	for name, value := range map[string]string{
		"X-Forwarded-Host":   request.Host,
		"X-Forwarded-Port":   "80",
		"X-Forwarded-Proto":  "http",
		"X-Forwarded-Server": "gateway",
		"X-Real-Ip":          "127.0.0.1",
	} {
		request.Header.Set(name, value)
	}
}

// sink is a response that nobody reads.
type sink struct {
	header http.Header
	status int
}

func newSink() *sink { return &sink{header: http.Header{}, status: http.StatusOK} }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

var _ io.Writer = (*sink)(nil)
