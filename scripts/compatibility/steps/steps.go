// Package steps reports the steps of a Go program, in the format that scripts/compatibility/report.ts reads.
package steps

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
)

// PrintVersion prints the version of a module of this program.
func PrintVersion(path string) {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == path {
			fmt.Println("version: " + module.Version)
		}
	}
}

// Check prints the result of a step.
func Check(step string, isTrue bool) {
	if !isTrue {
		Stop(errors.New("unexpected response"))
	}
	fmt.Println("ok: " + step)
}

// Stop ends the program if a call failed.
func Stop(err error) {
	if err != nil {
		fmt.Println("failed: " + err.Error())
		os.Exit(1)
	}
}
