// Traffic is both ends of the benchmarks through Traefik: `traffic upstream` answers, `traffic load` asks, `traffic
// hold` asks and waits. Each does as little as HTTP/1.1 allows, because they share the machine's cores with the Traefik between them.
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func([]string) error{"upstream": upstream, "load": load, "hold": hold}
	command, known := commands[append(os.Args, "")[1]]
	if !known {
		fmt.Fprintln(os.Stderr, "traffic upstream | traffic load -address … -requests … -seconds … | traffic hold -address … -requests …")
		os.Exit(2)
	}
	if err := command(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "traffic:", err)
		os.Exit(1)
	}
}
