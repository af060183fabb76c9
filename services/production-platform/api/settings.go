package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
)

// settings come from the environment and from nowhere else.
type settings struct {
	redisAddress string
	port         int
	level        slog.Level
}

// readSettings names every fault at once.
func readSettings(getenv func(string) string) (settings, error) {
	read := settings{redisAddress: getenv("REDIS_ADDRESS"), port: 8080}
	var faults []error
	fault := func(name, allowed string) {
		faults = append(faults, fmt.Errorf("%s: got %q; allowed: %s", name, getenv(name), allowed))
	}
	if host, port, err := net.SplitHostPort(read.redisAddress); err != nil || host == "" || port == "" {
		fault("REDIS_ADDRESS", "host:port, such as redis:6379")
	}
	if text := getenv("PORT"); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil || port < 0 || port > 65535 {
			fault("PORT", "a number from 0 to 65535")
		}
		read.port = port
	}
	if level := getenv("LOG_LEVEL"); level != "" && read.level.UnmarshalText([]byte(level)) != nil {
		fault("LOG_LEVEL", "debug, info, warn or error")
	}
	return read, errors.Join(faults...)
}
