// RUN: flux-translate --flux-to-json %s | FileCheck %s
// RUN: flux-opt --flux-assign-lock-order %s | flux-translate --flux-to-json | FileCheck %s --check-prefix=RANKED
// RUN: flux-translate --flux-to-json %s | %python -m json.tool > %t

// Everything that a program declares is there, in the order of the text, with its place.

// CHECK:      "version": 1,
// CHECK-NEXT: "includes": [
// CHECK-NEXT:   "stdint.h"
include "stdint.h";

// A lock has a rank once the order of locks has been decided.
// CHECK:      "locks": [
// CHECK-NEXT: {
// CHECK-NEXT:   "name": "table",
// CHECK-NEXT:   "scope": "program",
// CHECK-NEXT:   "rank": null,
// CHECK-NEXT:   "location": {
// CHECK-NEXT:     "file": "{{.*}}json.flux",
// CHECK-NEXT:     "line": [[# @LINE + 62]],
// CHECK:        "name": "peer",
// CHECK-NEXT:   "scope": "session",
// RANKED:       "name": "table",
// RANKED-NEXT:  "scope": "program",
// RANKED-NEXT:  "rank": 1,
// RANKED:       "name": "peer",
// RANKED-NEXT:  "scope": "session",
// RANKED-NEXT:  "rank": 0,

// CHECK:      "predicates": [
// CHECK:        "name": "hit",
// CHECK-NEXT:   "function": "IsHit",
typedef hit IsHit;

// CHECK:      "nodes": [
// CHECK-NEXT: {
// CHECK-NEXT:   "name": "Listen",
// CHECK-NEXT:   "blocking": "unknown",
// CHECK-NEXT:   "inputs": [],
// CHECK-NEXT:   "outputs": [
// CHECK-NEXT:   {
// CHECK-NEXT:     "name": "socket",
// CHECK-NEXT:     "type": "int",
// CHECK-NEXT:     "size": 4,
// CHECK-NEXT:     "align": 4
// CHECK:        "name": "Load",
// CHECK-NEXT:   "blocking": "blocking",
Listen () => (int socket);
Load (int socket) => (int socket);
Send (int socket) => ();
blocking Load;

// The body of a flow is a tree.
// CHECK:      "flows": [
// CHECK:        "name": "Page",
// CHECK:        "body": [
// CHECK-NEXT:   {
// CHECK-NEXT:     "kind": "call",
// CHECK-NEXT:     "callee": "Handler",
// CHECK:          "kind": "constrained",
// CHECK-NEXT:     "holds": [
// CHECK-NEXT:     {
// CHECK-NEXT:       "lock": "peer",
// CHECK-NEXT:       "mode": "read"
// CHECK:          "body": [
// CHECK-NEXT:     {
// CHECK-NEXT:       "kind": "call",
// CHECK-NEXT:       "callee": "Send",
// CHECK:        "name": "Handler",
// CHECK:          "kind": "dispatch",
// CHECK-NEXT:     "cases": [
// CHECK-NEXT:     {
// CHECK-NEXT:       "pattern": [
// CHECK-NEXT:         "hit"
// CHECK-NEXT:       ],
// CHECK-NEXT:       "body": []
// CHECK:            "pattern": [
// CHECK-NEXT:         "_"
Page = Handler -> Send;
Handler:[hit] = ;
Handler:[_] = Load;
constraint Load:{table};
constraint Send:{peer?(session)};

// CHECK:      "sources": [
// CHECK:        "function": "Listen",
// CHECK-NEXT:   "target": "Page",
// CHECK-NEXT:   "session": "PeerOf",
source Listen {session: PeerOf} => Page;

// CHECK:      "handlers": [
// CHECK:        "function": "Failed",
// CHECK-NEXT:   "path": [
// CHECK-NEXT:     "Page",
// CHECK-NEXT:     "Load"
// CHECK-NEXT:   ],
// CHECK-NEXT:   "holds": [],
handle error Page -> Load => Failed;
