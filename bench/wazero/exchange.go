package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing/iotest"
)

// text is bytes that JSON carries as one character for each.
type text string

func (t text) MarshalJSON() ([]byte, error) {
	characters := make([]rune, len(t))
	for i := range characters {
		characters[i] = rune(t[i])
	}
	return json.Marshal(string(characters))
}

func (t *text) UnmarshalJSON(data []byte) error {
	var characters string
	if err := json.Unmarshal(data, &characters); err != nil {
		return err
	}
	all := make([]byte, 0, len(characters))
	for _, c := range characters {
		if c > 0xff {
			return fmt.Errorf("%q is no byte", c)
		}
		all = append(all, byte(c))
	}
	*t = text(all)
	return nil
}

// pair is a name and a value, of a header or of the environment.
type pair [2]text

func pairsOf(header http.Header) []pair {
	pairs := []pair{}
	for name, values := range header {
		for _, value := range values {
			pairs = append(pairs, pair{text(name), text(value)})
		}
	}
	return pairs
}

// location is the parts of a URL that a request line has.
type location struct {
	Path       text `json:"path"`
	RawPath    text `json:"rawPath"`
	RawQuery   text `json:"rawQuery"`
	ForceQuery bool `json:"forceQuery"`
}

// incoming is a request as it has passed Traefik's entry point.
type incoming struct {
	Method     text     `json:"method"`
	URL        location `json:"url"`
	RequestURI text     `json:"requestUri"`
	Protocol   text     `json:"protocol"`
	Host       text     `json:"host"`
	// Under names as net/http writes them.
	Headers []pair `json:"headers"`
	Remote  text   `json:"remote"`
	Body    []byte `json:"body"`
	// ContentLength is -1 for a body in chunks.
	ContentLength int64 `json:"contentLength"`
}

func (i *incoming) request(ctx context.Context) *http.Request {
	header := http.Header{}
	for _, p := range i.Headers {
		header[string(p[0])] = append(header[string(p[0])], string(p[1]))
	}
	request := &http.Request{
		Method: string(i.Method),
		URL: &url.URL{
			Path: string(i.URL.Path), RawPath: string(i.URL.RawPath),
			RawQuery: string(i.URL.RawQuery), ForceQuery: i.URL.ForceQuery,
		},
		RequestURI: string(i.RequestURI),
		Proto:      string(i.Protocol), ProtoMajor: 1, ProtoMinor: 1,
		Host: string(i.Host), Header: header, RemoteAddr: string(i.Remote),
		ContentLength: i.ContentLength, Body: http.NoBody,
	}
	if i.ContentLength != 0 {
		// net/http tells of the end together with the last bytes.
		request.Body = &body{Reader: iotest.DataErrReader(bytes.NewReader(i.Body))}
	}
	return request.WithContext(ctx)
}

// body cannot be read when it is closed, as net/http's.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Read(into []byte) (int, error) {
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	return b.Reader.Read(into)
}

func (b *body) Close() error {
	b.closed = true
	return nil
}

// forwarded is a request as the guest has let it through.
type forwarded struct {
	incoming
	// Closed: the guest has read of the body and put none in its place.
	Closed bool `json:"closed"`
}

func forwardedOf(r *http.Request) *forwarded {
	content, err := io.ReadAll(r.Body)
	return &forwarded{
		incoming: incoming{
			Method: text(r.Method),
			URL: location{
				text(r.URL.Path), text(r.URL.RawPath), text(r.URL.RawQuery), r.URL.ForceQuery,
			},
			RequestURI: text(r.RequestURI), Protocol: text(r.Proto), Host: text(r.Host),
			Headers: pairsOf(r.Header), Remote: text(r.RemoteAddr),
			Body: content, ContentLength: r.ContentLength,
		},
		Closed: err != nil,
	}
}

// outgoing is a response, of the upstream or to the client.
type outgoing struct {
	Status   int    `json:"status"`
	Headers  []pair `json:"headers"`
	Body     []byte `json:"body"`
	Trailers []pair `json:"trailers"`
	// Complete: nothing broke off.
	Complete bool `json:"complete"`
}

func (o *outgoing) write(w http.ResponseWriter) error {
	for _, p := range o.Headers {
		w.Header().Add(string(p[0]), string(p[1]))
	}
	w.WriteHeader(o.Status)
	_, err := w.Write(o.Body)
	for _, p := range o.Trailers {
		w.Header().Add(http.TrailerPrefix+string(p[0]), string(p[1]))
	}
	return err
}

// client is what a response looks like to who has asked: headers are those of the moment when the status is written.
type client struct {
	header  http.Header
	sent    http.Header
	status  int
	body    bytes.Buffer
	aborted bool
}

func newClient() *client { return &client{header: http.Header{}} }

func (c *client) Header() http.Header { return c.header }

func (c *client) WriteHeader(status int) {
	if c.sent != nil {
		return
	}
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %v", status))
	}
	c.status, c.sent = status, c.header.Clone()
}

func (c *client) Write(content []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	if len(content) == 0 {
		return 0, nil
	}
	if c.status < 200 || c.status == http.StatusNoContent || c.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	if declared := c.declared(); declared >= 0 && c.body.Len()+len(content) > declared {
		return 0, http.ErrContentLength
	}
	return c.body.Write(content)
}

// declared is the response's Content-Length; -1: none.
func (c *client) declared() int {
	length, err := strconv.Atoi(c.sent.Get("Content-Length"))
	if err != nil {
		return -1
	}
	return length
}

// serve has the middleware answer. What it panics with, Traefik answers with 500, and breaks the connection if a
// status is written.
func (c *client) serve(guest *served, request *http.Request) {
	defer func() {
		panicked := recover()
		if panicked == nil {
			c.WriteHeader(http.StatusOK)
			return
		}
		if err, is := panicked.(error); guest.guests[0].trap == nil {
			if !is {
				err = errors.New(fmt.Sprint(panicked))
			}
			guest.guests[0].trap = err
		}
		if c.aborted = c.sent != nil; !c.aborted {
			c.WriteHeader(http.StatusInternalServerError)
			c.Write([]byte(http.StatusText(http.StatusInternalServerError)))
		}
	}()
	guest.ServeHTTP(c, request)
}

func (c *client) response() *outgoing {
	header, trailer := http.Header{}, http.Header{}
	for name, values := range c.sent {
		if !strings.HasPrefix(name, http.TrailerPrefix) {
			header[name] = values
		}
	}
	for name, values := range c.header {
		if of, is := strings.CutPrefix(name, http.TrailerPrefix); is {
			trailer[of] = values
		}
	}
	return &outgoing{
		Status: c.status, Headers: pairsOf(header), Body: c.body.Bytes(), Trailers: pairsOf(trailer),
		Complete: !c.aborted && c.body.Len() >= c.declared(),
	}
}
