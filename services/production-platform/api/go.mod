module production-platform/api

go 1.26
