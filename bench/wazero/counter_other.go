//go:build !linux

package main

// counter of instructions: Linux has one.
type counter struct{}

func openCounter() *counter { return nil }

func (c *counter) read() uint64 { return 0 }
