package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"time"
)

// hold opens connections, sends the first request of a file on each, reads no answer, prints how many there are, and
// holds them until it is killed.
func hold(arguments []string) error {
	flags := flag.NewFlagSet("hold", flag.ContinueOnError)
	address := flags.String("address", "", "host:port, of the loopback range")
	file := flags.String("requests", "", "file of requests")
	connections := flags.Int("connections", 2000, "at most 10000")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if err := onLoopback(*address); err != nil {
		return err
	}
	if *connections > 10_000 {
		return fmt.Errorf("too much: %d connections", *connections)
	}
	requests, err := readRequests(*file)
	if err != nil {
		return err
	}
	for i := 0; i < *connections; i++ {
		connection, err := net.DialTimeout("tcp", *address, 5*time.Second)
		if err != nil {
			return err
		}
		if _, err := connection.Write(requests[0]); err != nil {
			return err
		}
		// An answer means that it is not held: the count of the upstream then stays below.
		go io.Copy(io.Discard, connection)
		time.Sleep(200 * time.Microsecond)
	}
	fmt.Println(*connections)
	select {}
}
