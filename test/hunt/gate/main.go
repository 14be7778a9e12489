// Gate runs modes protect, login and keys of a plugin.wasm as Traefik does (wazero 1.8.0, http-wasm-host-go 0.7.0), with
// a tick for mode keys, and ends when a guest is not done with a call in time. Its one argument is a file of settings;
// it prints `ready` and what the guests log.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
)

type settings struct {
	Wasm string `json:"wasm"`
	// Cache is a folder for compiled code.
	Cache string `json:"cache"`
	// Deadline and Tick in milliseconds.
	Deadline int               `json:"deadline"`
	Tick     int               `json:"tick"`
	Env      map[string]string `json:"env"`
	// Mounts by the host's folder.
	Mounts map[string]string `json:"mounts"`
	// Configs by mode.
	Configs map[string]string `json:"configs"`
	// Web and Internal are addresses to listen on, App and Provider what is behind.
	Web      string `json:"web"`
	Internal string `json:"internal"`
	App      string `json:"app"`
	Provider string `json:"provider"`
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Println("gate:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	s := settings{}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return err
	}
	ctx := context.Background()
	cache, err := wazero.NewCompilationCacheWithDir(s.Cache)
	if err != nil {
		return err
	}
	behind := map[string]http.Handler{
		"protect": proxy(s.App, true),
		"login":   buffered(proxy(s.Provider, false)),
		"keys":    proxy(s.Provider, false),
	}
	modes := map[string]http.Handler{}
	for mode, next := range behind {
		middleware, err := newMiddleware(ctx, s, cache, s.Configs[mode])
		if err != nil {
			return err
		}
		modes[mode] = guarded(middleware.NewHandler(ctx, next))
	}
	web := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asForwarded(r)
		if r.URL.Path == "/oidc" || strings.HasPrefix(r.URL.Path, "/oidc/") {
			modes["login"].ServeHTTP(w, r)
		} else {
			modes["protect"].ServeHTTP(w, r)
		}
	})
	internal := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asForwarded(r)
		modes["keys"].ServeHTTP(w, r)
	})
	failed := make(chan error, 2)
	go func() { failed <- http.ListenAndServe(s.Web, web) }()
	go func() { failed <- http.ListenAndServe(s.Internal, internal) }()
	go tick("http://"+s.Internal+"/oidc/keys", time.Duration(s.Tick)*time.Millisecond)
	fmt.Println("ready")
	return <-failed
}

// tick visits mode keys as Traefik's health check does.
func tick(address string, every time.Duration) {
	client := http.Client{Timeout: 5 * time.Second}
	for range time.Tick(every) {
		response, err := client.Get(address)
		if err != nil {
			fmt.Println("tick:", err)
			continue
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

// proxy passes on to where the guest has sent the request: the path is that of the request line, as in Traefik.
func proxy(target string, keepHost bool) http.Handler {
	to, err := url.Parse(target)
	if err != nil {
		panic(err)
	}
	return &httputil.ReverseProxy{Director: func(r *http.Request) {
		if line, err := url.ParseRequestURI(r.RequestURI); err == nil {
			r.URL.Path, r.URL.RawPath, r.URL.RawQuery = line.Path, line.RawPath, line.RawQuery
		}
		r.URL.Scheme, r.URL.Host, r.RequestURI = to.Scheme, to.Host, ""
		if !keepHost {
			r.Host = to.Host
		}
	}}
}

// buffered holds what goes to the provider and what comes back, as Traefik's buffering does.
func buffered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		for name, values := range kept.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(kept.Code)
		w.Write(kept.Body.Bytes())
	})
}

func asForwarded(r *http.Request) {
	r.Header.Set("X-Forwarded-Host", r.Host)
	r.Header.Set("X-Forwarded-Proto", "http")
	r.Header.Set("X-Forwarded-Server", "gate")
	r.Header.Set("X-Real-Ip", "127.0.0.1")
}
