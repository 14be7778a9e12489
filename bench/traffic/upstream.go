package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync/atomic"
)

// bodySize is what an answer of an API has: a small object. Bytes.
const bodySize = 512

// upstream listens on a free port of the loopback address, prints the port, and answers until it is killed.
func upstream([]string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go answer(connection)
	}
}

// held is how many requests wait for an answer that they do not get.
var held atomic.Int64

// answer serves one connection. The body says which user the request's headers named, so that who reads it knows
// what the plugin has set. A request for ?hold gets no answer; one for /held is told how many of these there are.
func answer(connection net.Conn) {
	defer connection.Close()
	in := bufio.NewReaderSize(connection, 16*1024)
	var out []byte
	for {
		wanted, user, length, err := readRequest(in)
		if err != nil {
			return
		}
		if _, err := in.Discard(length); err != nil {
			return
		}
		switch wanted {
		case wantsHold:
			held.Add(1)
			in.ReadByte()
			held.Add(-1)
			return
		case wantsCount:
			user = strconv.AppendInt(nil, held.Load(), 10)
		}
		out = append(out[:0], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "...)
		out = strconv.AppendInt(out, bodySize, 10)
		out = append(out, "\r\n\r\n"...)
		start := len(out)
		out = append(out, `{"user":"`...)
		out = append(out, user...)
		out = append(out, `","rest":"`...)
		for len(out)-start < bodySize-2 {
			out = append(out, '.')
		}
		out = append(out, `"}`...)
		if _, err := connection.Write(out); err != nil {
			return
		}
	}
}

// What a request wants.
const (
	wantsAnswer = iota
	wantsHold
	wantsCount
)

var (
	lengthName = []byte("content-length")
	// userNames are the headers in which the one or the other says who it is.
	userNames  = [][]byte{[]byte("x-forwarded-user"), []byte("x-auth-request-preferred-username"), []byte("remote-user")}
	holdTarget = []byte("?hold ")
	countLine  = []byte("GET /held ")
)

func readRequest(in *bufio.Reader) (wanted int, user []byte, length int, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return wantsAnswer, nil, 0, err
	}
	if bytes.Contains(line, holdTarget) {
		wanted = wantsHold
	} else if bytes.HasPrefix(line, countLine) {
		wanted = wantsCount
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return wantsAnswer, nil, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return wanted, user, length, nil
		}
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found {
			return wantsAnswer, nil, 0, io.ErrUnexpectedEOF
		}
		value = bytes.TrimSpace(value)
		if bytes.EqualFold(name, lengthName) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return wantsAnswer, nil, 0, io.ErrUnexpectedEOF
			}
			continue
		}
		for _, it := range userNames {
			if bytes.EqualFold(name, it) {
				user = append([]byte(nil), value...)
			}
		}
	}
}
