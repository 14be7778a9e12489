package main

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"sort"
	"time"
)

// About how long one batch is measured.
const batchTime = time.Millisecond

// As many short batches stand for one: what else the machine does then spoils few of them.
const shortBatches = 20

// timed returns the minimum and median of several batches, in microseconds for one of n.
func timed(batches int, run func(n int)) (float64, float64) {
	return timedAfter(batches, func(int) {}, run)
}

// timedAfter does the same with something to do before each batch that is not part of it.
func timedAfter(batches int, prepare, run func(n int)) (float64, float64) {
	once := func(n int) time.Duration {
		prepare(n)
		start := time.Now()
		run(n)
		return time.Since(start)
	}
	const warmUp = 50
	once(warmUp)
	n := int(batchTime/(once(warmUp)/warmUp+1)) + 1
	times := []float64{}
	for i := 0; i < batches*shortBatches; i++ {
		times = append(times, float64(once(n).Nanoseconds())/float64(n)/1000)
	}
	sort.Float64s(times)
	return times[0], times[len(times)/2]
}

func must(got uint64, want int, what string) {
	if int(got) != want {
		panic(fmt.Sprintf("%s: %d of %d verified", what, got, want))
	}
}

// measure times a key that is in use, and one that is new for each verification.
func measure(ctx context.Context, path string, s subject, batches int) []Row {
	g := newGuest(ctx, path)
	cases := s.sign(64)
	name := g.put([]byte(s.algorithm))
	text := g.put([]byte(s.jwk))
	table := g.putCases(cases)
	nameLength, textLength := uint64(len(s.algorithm)), uint64(len(s.jwk))
	what := s.algorithm + s.note

	next := 0
	goMin, goMedian := timed(batches, func(n int) {
		for i := 0; i < n; i++ {
			if c := cases[next]; !s.verify(c.message, c.signature) {
				panic("Go refuses its own signature")
			}
			next = (next + 1) % len(cases)
		}
	})
	row := func(what string, min, median float64) Row {
		return Row{What: what, Min: min, Median: median, GoMin: goMin, GoMedian: goMedian, Ratio: min / goMin}
	}

	// A batch is at most as many as a millisecond holds, and each key is used once.
	const mostKeys = 1000
	handles := g.put(make([]byte, 4*mostKeys))
	first, firstMedian := timedAfter(batches, func(n int) {
		g.call("clearKeys")
		for i := 0; i < n; i++ {
			g.module.Memory().WriteUint32Le(uint32(handles)+4*uint32(i), uint32(g.call("jwk", text, textLength)))
		}
	}, func(n int) {
		must(g.call("verifyFirst", handles, name, nameLength, table, 64, uint64(n)), n, what)
	})
	imported, importedMedian := timed(batches, func(n int) {
		for i := 0; i < n; i++ {
			g.call("clearKeys")
			g.call("jwk", text, textLength)
		}
	})

	g.call("clearKeys")
	key := g.call("jwk", text, textLength)
	must(g.call("verify", key, name, nameLength, table, 64, 3), 3, what)
	before := uint32(g.call("tables"))
	start := time.Now()
	must(g.call("verify", key, name, nameLength, table, 64, 1), 1, what)
	build := float64(time.Since(start).Nanoseconds()) / 1000
	used, usedMedian := timed(batches, func(n int) {
		must(g.call("verify", key, name, nameLength, table, 64, uint64(n)), n, what)
	})
	inUse := row(what, used, usedMedian)
	inUse.KeyBytes = uint32(g.call("tables")) - before
	inUse.BuildTime = build
	return []Row{
		inUse,
		row(what+", first uses", first, firstMedian),
		{What: what + ", import of the key", Min: imported, Median: importedMedian},
	}
}

// measureHashes times 64 blocks of each hash; a row is one block.
func measureHashes(ctx context.Context, path string, batches int) []Row {
	rows := []Row{}
	g := newGuest(ctx, path)
	data := make([]byte, 64*128)
	at := g.put(data)
	for kind, block := range map[int]int{0: 64, 2: 128} {
		length := 64*block - 17
		sum := func() { sha256.Sum256(data[:length]) }
		if kind == 2 {
			sum = func() { sha512.Sum512(data[:length]) }
		}
		min, median := timed(batches, func(n int) { g.call("hash", uint64(kind), at, uint64(length), uint64(n)) })
		goMin, goMedian := timed(batches, func(n int) {
			for i := 0; i < n; i++ {
				sum()
			}
		})
		rows = append(rows, Row{
			What: fmt.Sprintf("SHA-%d, a block", 256+128*kind),
			Min:  min / 64, Median: median / 64, GoMin: goMin / 64, GoMedian: goMedian / 64, Ratio: min / goMin,
		})
	}
	return rows
}
