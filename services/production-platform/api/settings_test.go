package main

import (
	"log/slog"
	"strings"
	"testing"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestSettings(t *testing.T) {
	got, err := readSettings(environment(map[string]string{"REDIS_ADDRESS": "redis:6379"}))
	if err != nil || got != (settings{redisAddress: "redis:6379", port: 8080}) {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = readSettings(environment(map[string]string{"REDIS_ADDRESS": "r:1", "PORT": "0", "LOG_LEVEL": "warn"}))
	if err != nil || got != (settings{redisAddress: "r:1", level: slog.LevelWarn}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestEveryFaultOfTheSettingsIsNamed(t *testing.T) {
	_, err := readSettings(environment(map[string]string{"PORT": "http", "LOG_LEVEL": "loud"}))
	if err == nil {
		t.Fatal("no fault was found")
	}
	for _, fault := range []string{`REDIS_ADDRESS: got ""`, `PORT: got "http"`, `LOG_LEVEL: got "loud"`} {
		if !strings.Contains(err.Error(), fault) {
			t.Errorf("%q is missing in %v", fault, err)
		}
	}
}
