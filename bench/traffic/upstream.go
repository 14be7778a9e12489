package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
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

// answer serves one connection. The body says which user the request's headers named, so that who reads it knows
// what the plugin has set.
func answer(connection net.Conn) {
	defer connection.Close()
	in := bufio.NewReaderSize(connection, 16*1024)
	var out []byte
	for {
		user, length, err := readRequest(in)
		if err != nil {
			return
		}
		if _, err := in.Discard(length); err != nil {
			return
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

var (
	lengthName = []byte("content-length")
	userName   = []byte("x-forwarded-user")
)

func readRequest(in *bufio.Reader) (user []byte, length int, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return user, length, nil
		}
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found {
			continue // The request line.
		}
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, userName):
			user = append([]byte(nil), value...)
		case bytes.EqualFold(name, lengthName):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return nil, 0, io.ErrUnexpectedEOF
			}
		}
	}
}
