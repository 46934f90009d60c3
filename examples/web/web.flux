// A web server for static files. One flow is one request; flux/net reads them, and sends the answers.
include "flux/http.h";
include "web.h";

typedef fresh IsFresh;

Next () => (flux_http_request *request);
Page (flux_http_request *request) => ();
Check (flux_http_request *request) => (flux_http_request *request);
CheckCache (flux_http_request *request) => (flux_http_request *request, Document *document);
Fetch (flux_http_request *request, Document *document) => (flux_http_request *request, Document *document);
ReadFile (flux_http_request *request, Document *document) => (flux_http_request *request, Document *document);
StoreInCache (flux_http_request *request, Document *document) => (flux_http_request *request, Document *document);
Reply (flux_http_request *request, Document *document) => ();

source Next {session: CopyOf} => Page;
Page = Check -> CheckCache -> Fetch -> Reply;
Fetch:[_, fresh] = ;
Fetch:[_, _] = ReadFile -> StoreInCache;

// Each thread that runs Next has a cache of its own, for the requests that it starts. Any number of them look a document up
// at once; storing one excludes them for a moment.
constraint CheckCache:{cache?(session)};
constraint StoreInCache:{cache(session)};

// It waits for the disk, in system calls that no runtime sees.
blocking ReadFile;

handle error Page => Refuse;
