// server.go - what a Go programmer writes: net/http's file server.
//
//	server PORT DIRECTORY
package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: server PORT DIRECTORY")
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], http.FileServer(http.Dir(os.Args[2]))))
}
