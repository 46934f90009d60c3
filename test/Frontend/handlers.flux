// RUN: flux-translate --import-flux %s | FileCheck %s

Parse (int fd) => (int fd);
Send (int fd) => ();
Page = Parse -> Send;
Site = Page;

// Of a node, of a flow, and of a node within flows; either arrow leads to the handler.
// CHECK: flux.handler [@Parse] -> "BadRequest"
handle error Parse => BadRequest;
// CHECK: flux.handler [@Page] -> "Failed"
handle error Page -> Failed;
// CHECK: flux.handler [@Page, @Send] -> "Lost"
handle error Page -> Send => Lost;
// CHECK: flux.handler [@Site, @Page, @Parse] -> "Refused"
handle error Site -> Page -> Parse -> Refused;

// A path may leave out flows that lie between.
// CHECK: flux.handler [@Site, @Send] -> "Lost"
handle error (Site -> Send) => Lost;

// A handler may be constrained, wherever that is written.
// CHECK: flux.handler [@Send] -> "Log" under [@log write, @count read]
constraint Log:{log};
handle error Send => Log;
constraint Log:{count?};
