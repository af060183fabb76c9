// Package sample is the known-good sample of the judges of Go.
package sample

import "sync"

// Counter counts from several goroutines.
type Counter struct {
	mu    sync.Mutex
	count int
}

// Add counts one more.
func (c *Counter) Add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
}

// Count tells how far it has counted.
func (c *Counter) Count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}
