// Command crypto times the guest's verification on wazero beside Go's own crypto, in one run on one machine.
// It prints JSON: for each algorithm the minimum and median of both, in microseconds, and their ratio.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// Row is one line of the result. Times are microseconds for one verification, hash and checks included.
type Row struct {
	What      string  `json:"what"`
	Min       float64 `json:"min"`
	Median    float64 `json:"median"`
	GoMin     float64 `json:"goMin,omitempty"`
	GoMedian  float64 `json:"goMedian,omitempty"`
	Ratio     float64 `json:"ratio,omitempty"`
	KeyBytes  uint32  `json:"keyBytes,omitempty"`
	BuildTime float64 `json:"buildTime,omitempty"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	batches := 15
	if len(os.Args) > 2 {
		count, err := strconv.Atoi(os.Args[2])
		check(err)
		batches = count
	}
	ctx := context.Background()
	rows := []Row{}
	for _, subject := range subjects() {
		if len(os.Args) > 3 && os.Args[3] != subject.algorithm {
			continue
		}
		rows = append(rows, measure(ctx, os.Args[1], subject, batches)...)
	}
	if len(os.Args) < 4 {
		rows = append(rows, measureHashes(ctx, os.Args[1], batches)...)
		rows = append(rows, measureSignIn(ctx, os.Args[1], batches)...)
	}
	check(json.NewEncoder(os.Stdout).Encode(rows))
}
