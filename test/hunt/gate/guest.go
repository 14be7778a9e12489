package main

import (
	"context"
	"fmt"
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

// exitLate is what the program ends with when a call of a guest was not over in time.
const exitLate = 3

// bounded is a runtime whose guests have a deadline for each call. The middleware does not know.
type bounded struct {
	wazero.Runtime
	deadline time.Duration
}

func (b bounded) InstantiateModule(
	ctx context.Context, compiled wazero.CompiledModule, config wazero.ModuleConfig,
) (wasmapi.Module, error) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.deadline)
	defer cancel()
	module, err := b.Runtime.InstantiateModule(within, compiled, config)
	if within.Err() != nil {
		late("the start of a guest", err)
	}
	if err != nil {
		return nil, err
	}
	return boundedModule{module, b.deadline}, nil
}

type boundedModule struct {
	wasmapi.Module
	deadline time.Duration
}

func (m boundedModule) ExportedFunction(name string) wasmapi.Function {
	function := m.Module.ExportedFunction(name)
	if function == nil || !strings.HasPrefix(name, "handle_") {
		return function
	}
	return boundedFunction{function, name, m.deadline}
}

type boundedFunction struct {
	wasmapi.Function
	name     string
	deadline time.Duration
}

// Call ends the program when the guest is not done in time: wazero then says where in its code it was.
func (f boundedFunction) Call(ctx context.Context, params ...uint64) ([]uint64, error) {
	// A client that goes away must not close the guest: in Traefik it does not.
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.deadline)
	defer cancel()
	results, err := f.Function.Call(within, params...)
	if within.Err() == context.DeadlineExceeded {
		late(f.name, err)
	}
	return results, err
}

func late(what string, err error) {
	fmt.Printf("%s was not over in time: %v\n", what, err)
	os.Exit(exitLate)
}

// newMiddleware puts a middleware together as Traefik's pkg/plugins/middlewarewasm.go does, but for loops that look
// whether their deadline has passed.
func newMiddleware(ctx context.Context, s settings, cache wazero.CompilationCache, config string) (wasm.Middleware, error) {
	code, err := os.ReadFile(s.Wasm)
	if err != nil {
		return nil, err
	}
	runtime := wazero.NewRuntimeWithConfig(ctx,
		wazero.NewRuntimeConfig().WithCompilationCache(cache).WithCloseOnContextDone(true))
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, runtime); err != nil {
		return nil, err
	}
	mounts := wazero.NewFSConfig()
	for folder, path := range s.Mounts {
		mounts = mounts.WithDirMount(folder, path)
	}
	module := wazero.NewModuleConfig().WithSysWalltime().WithStartFunctions("_start", "_initialize").WithFSConfig(mounts)
	for name, value := range s.Env {
		module = module.WithEnv(name, value)
	}
	return wasm.NewMiddleware(ctx, code,
		handler.ModuleConfig(module),
		handler.Logger(logger{}),
		handler.GuestConfig([]byte(config)),
		handler.Runtime(func(context.Context) (wazero.Runtime, error) {
			return bounded{runtime, time.Duration(s.Deadline) * time.Millisecond}, nil
		}),
	)
}

// guarded answers what a guest's trap leaves unanswered, as Traefik's recovery does.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if err := recover(); err != nil && err != http.ErrAbortHandler {
				fmt.Printf("trap: %v\n", err)
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

type logger struct{}

func (logger) IsEnabled(api.LogLevel) bool { return true }

func (logger) Log(_ context.Context, _ api.LogLevel, message string) { fmt.Println(message) }
