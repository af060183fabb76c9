module production-platform/worker

go 1.26
