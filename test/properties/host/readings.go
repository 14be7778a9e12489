// What Go makes of the Hosts that come in by lines: a line of JSON for each, with a name for each of its readers.
package main

import (
	"bufio"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// An empty name: the reader takes it for none.
type readings struct {
	SplitHostPort string `json:"net.SplitHostPort"`
	Router        string `json:"Traefik's router"`
	Mux           string `json:"http.ServeMux"`
	URL           string `json:"url.Parse"`
}

// The arguments are hosts that the ServeMux has patterns for.
func main() {
	mux := http.NewServeMux()
	for _, host := range os.Args[1:] {
		mux.Handle(host+"/", http.NotFoundHandler())
	}
	in := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for in.Scan() {
		if err := encoder.Encode(read(mux, in.Text())); err != nil {
			panic(err)
		}
	}
	if in.Err() != nil {
		panic(in.Err())
	}
}

func read(mux *http.ServeMux, host string) readings {
	var it readings
	it.SplitHostPort, _, _ = net.SplitHostPort(host)
	it.Router = router(host)
	_, pattern := mux.Handler(&http.Request{Method: "GET", Host: host, URL: &url.URL{Path: "/"}})
	it.Mux = strings.TrimSuffix(pattern, "/")
	if parsed, err := url.Parse("http://" + host + "/"); err == nil {
		it.URL = parsed.Hostname()
	}
	return it
}

// pkg/middlewares/requestdecorator of Traefik 3.7: brackets go, whatever stands in them.
func router(host string) string {
	if strings.Contains(host, ":") {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		} else if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
			host = host[1 : len(host)-1]
		}
	}
	return strings.ToLower(strings.TrimSpace(host))
}
