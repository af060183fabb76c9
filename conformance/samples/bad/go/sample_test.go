package sample

import (
	"sync"
	"testing"
)

func TestCountsFromSeveralGoroutines(t *testing.T) {
	var counter Counter
	var all sync.WaitGroup
	for range 100 {
		all.Add(1)
		go func() {
			defer all.Done()
			counter.Add()
		}()
	}
	all.Wait()
	if counter.Count() != 100 {
		t.Fatalf("got %d, want 100", counter.Count())
	}
}
