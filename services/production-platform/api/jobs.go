package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"

	"production-platform/api/internal/redis"
)

const (
	// queue holds the ids of jobs that wait for a worker.
	queue = "jobs:queued"
	// keepSeconds is how long a job can be asked for: a week.
	keepSeconds = "604800"
)

// job is what a client reads of it.
type job struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Words  string `json:"words,omitempty"`
	Error  string `json:"error,omitempty"`
}

var errNoJob = errors.New("no such job")

// enqueue writes the job before its id, so that a worker that takes the id finds the job.
func enqueue(ctx context.Context, client *redis.Client, text string) (job, error) {
	id := newID()
	for _, command := range [][]string{
		{"HSET", "job:" + id, "status", "queued", "text", text},
		{"EXPIRE", "job:" + id, keepSeconds},
		{"LPUSH", queue, id},
	} {
		if _, err := client.Do(ctx, command...); err != nil {
			return job{}, err
		}
	}
	return job{ID: id, Status: "queued"}, nil
}

// find returns errNoJob for an id that nobody was given, or that has expired.
func find(ctx context.Context, client *redis.Client, id string) (job, error) {
	answer, err := client.Do(ctx, "HGETALL", "job:"+id)
	if err != nil {
		return job{}, err
	}
	fields := map[string]string{}
	entries, _ := answer.([]any)
	for i := 0; i+1 < len(entries); i += 2 {
		name, _ := entries[i].(string)
		fields[name], _ = entries[i+1].(string)
	}
	if fields["status"] == "" {
		return job{}, errNoJob
	}
	return job{ID: id, Status: fields["status"], Words: fields["words"], Error: fields["error"]}, nil
}

func newID() string {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(id)
}
