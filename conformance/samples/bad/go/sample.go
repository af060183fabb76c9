// Package sample is the known-bad sample of the judges of Go: a race, a wrong verb, a value that nobody reads.
package sample

import "fmt"

type Counter struct{ count int }

func (c *Counter) Add() { c.count++ }

func (c *Counter) Count() int { return c.count }

func (c *Counter) String() string {
	text := fmt.Sprintf("%d", "count")
	text = fmt.Sprint(c.count)
	return text
}
