package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// result is what a run prints: one JSON object.
type result struct {
	Requests int            `json:"requests"`
	Seconds  float64        `json:"seconds"`
	Rate     float64        `json:"rate"`
	Statuses map[string]int `json:"statuses"`
	// Microseconds.
	P50 int64 `json:"p50"`
	P99 int64 `json:"p99"`
	// First is the 99th percentile of the warm-up, whose requests are in no other latency.
	First int64 `json:"first"`
	// Late is how late this program itself was with 1 % of the requests whose connection was free in time.
	Late int64 `json:"late"`
	// Cpu is the processor time of this program itself, user and system; seconds.
	Cpu float64 `json:"cpu"`
	// Where in the list of requests the next run has to go on.
	Next int64 `json:"next"`
}

// load sends the requests of a file (a JSON array of texts, each a whole request) in turn, over and over, on some
// connections, one at a time on each, until the time is up. With -rate each request has a time at which it is due,
// whatever became of the ones before, and its latency counts from then: one that waits for a free connection, because
// the answers are late, is late itself. The run begins with -warmup: the same load, in which connections are opened and
// guests are made, and whose latency is told apart.
func load(arguments []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	address := flags.String("address", "", "host:port, of the loopback range")
	file := flags.String("requests", "", "file of requests")
	seconds := flags.Float64("seconds", 1, "at most 60")
	connections := flags.Int("connections", 32, "at most 256")
	start := flags.Int64("start", 0, "the request to begin with")
	rate := flags.Float64("rate", 0, "requests due in a second; 0: as many as there are answers")
	warmup := flags.Float64("warmup", 0, "seconds before those, whose latency is told apart; at most 60")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if err := onLoopback(*address); err != nil {
		return err
	}
	if *seconds > 60 || *warmup > 60 || *connections > 256 {
		return fmt.Errorf("too much: %v and %v seconds, %d connections", *warmup, *seconds, *connections)
	}
	requests, err := readRequests(*file)
	if err != nil {
		return err
	}
	r := run{address: *address, requests: requests, rate: *rate, warmup: inSeconds(*warmup)}
	r.next.Store(*start)
	result, err := r.during(inSeconds(*seconds), *connections)
	if err != nil {
		return err
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return err
	}
	result.Cpu = time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
	return json.NewEncoder(os.Stdout).Encode(result)
}

func inSeconds(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second))
}

func onLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%q is no loopback address", address)
	}
	return nil
}

func readRequests(file string) ([][]byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var texts []string
	if err := json.Unmarshal(content, &texts); err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%s: no requests", file)
	}
	requests := make([][]byte, len(texts))
	for i, text := range texts {
		requests[i] = []byte(text)
	}
	return requests, nil
}

type run struct {
	address  string
	requests [][]byte
	next     atomic.Int64
	// Requests in a second; 0: each as soon as its connection is free.
	rate   float64
	warmup time.Duration
	begin  time.Time
	due    atomic.Int64
}

type client struct {
	statuses map[int]int
	// Microseconds: of the requests after the warm-up, and of those in it.
	latencies, first []int32
	// By how much the time of a request had passed when this program woke up for it.
	late []int32
	err  error
}

func (r *run) during(duration time.Duration, connections int) (result, error) {
	clients := make([]client, connections)
	begin := time.Now()
	r.begin = begin
	end := begin.Add(r.warmup + duration)
	var group sync.WaitGroup
	for i := range clients {
		group.Add(1)
		go func(c *client) {
			defer group.Done()
			c.err = r.client(c, end)
		}(&clients[i])
	}
	group.Wait()
	seconds := time.Since(begin).Seconds()
	all := result{Seconds: seconds, Statuses: map[string]int{}, Next: r.next.Load()}
	var latencies, first, late []int32
	for _, c := range clients {
		if c.err != nil {
			return all, c.err
		}
		for status, count := range c.statuses {
			all.Statuses[strconv.Itoa(status)] += count
			all.Requests += count
		}
		latencies = append(latencies, c.latencies...)
		first = append(first, c.first...)
		late = append(late, c.late...)
	}
	all.Rate = float64(all.Requests) / seconds
	if len(latencies) == 0 {
		return all, fmt.Errorf("no request was answered in %.1f seconds", seconds)
	}
	all.P50, all.P99 = percentile(latencies, 50), percentile(latencies, 99)
	all.First, all.Late = percentile(first, 99), percentile(late, 99)
	return all, nil
}

// percentile sorts, and is 0 of nothing.
func percentile(values []int32, percent int) int64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return int64(values[len(values)*percent/100])
}

func (r *run) client(c *client, end time.Time) error {
	connection, err := net.DialTimeout("tcp", r.address, 5*time.Second)
	if err != nil {
		return err
	}
	defer connection.Close()
	c.statuses = map[int]int{}
	in := bufio.NewReaderSize(connection, 16*1024)
	warm := r.begin.Add(r.warmup)
	for {
		begin := r.turn(c, end)
		if begin.After(end) || time.Now().After(end) {
			if r.rate > 0 || len(c.latencies) > 0 {
				return nil
			}
		}
		connection.SetDeadline(time.Now().Add(30 * time.Second))
		request := r.requests[(r.next.Add(1)-1)%int64(len(r.requests))]
		if _, err := connection.Write(request); err != nil {
			return err
		}
		status, err := readResponse(in)
		if err != nil {
			return err
		}
		latency := int32(time.Since(begin).Microseconds())
		if begin.Before(warm) {
			c.first = append(c.first, latency)
		} else {
			c.latencies = append(c.latencies, latency)
		}
		c.statuses[status]++
	}
}

// turn waits until a client's next request is due, and tells when that was; if it is due after the end, it waits no more.
func (r *run) turn(c *client, end time.Time) time.Time {
	if r.rate == 0 {
		return time.Now()
	}
	due := r.begin.Add(inSeconds(float64(r.due.Add(1)-1) / r.rate))
	if wait := time.Until(due); wait > 0 && !due.After(end) {
		time.Sleep(wait)
		c.late = append(c.late, int32(time.Since(due).Microseconds()))
	}
	return due
}

var contentLength = []byte("content-length")

// readResponse reads a response to its end; it must have a Content-Length.
func readResponse(in *bufio.Reader) (status int, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, fmt.Errorf("no response: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length := -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, contentLength) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("a response with status %d and no length", status)
	}
	_, err = in.Discard(length)
	return status, err
}
