// What Go's standard library reads of a request: the parameter in the query, in a form, and in a JSON body.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

type inner struct {
	Secrets any `json:"secrets"`
}

type options struct {
	Secrets any   `json:"secrets"`
	Nested  inner `json:"nested"`
}

func read(response http.ResponseWriter, request *http.Request) {
	found := []any{}
	add := func(value any) {
		if value != nil {
			found = append(found, value)
		}
	}
	if request.Method == "POST" {
		body, _ := io.ReadAll(request.Body)
		one := options{}
		if json.Unmarshal(body, &one) == nil {
			add(one.Secrets)
			add(one.Nested.Secrets)
		}
		many := []options{}
		if json.Unmarshal(body, &many) == nil {
			for _, it := range many {
				add(it.Secrets)
			}
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	request.ParseMultipartForm(1 << 20)
	for _, value := range request.Form["secrets"] {
		add(value)
	}
	json.NewEncoder(response).Encode(found)
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	http.Serve(listener, http.HandlerFunc(read))
}
