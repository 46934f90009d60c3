// Scales pictures on request, and keeps the results. One flow is one request; flux/net reads them, and sends the answers.
include "flux/http.h";
include "image.h";

typedef hit TestInCache;
typedef same TestOriginal;

Next () => (flux_http_request *request);
Image (flux_http_request *request) => ();
ReadRequest (flux_http_request *request) => (flux_http_request *request, Job *job);
Find (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
CheckCache (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
Handler (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
ReadInFromDisk (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
Compress (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
Decode (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
Scale (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
Encode (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
StoreInCache (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
Write (flux_http_request *request, Job *job) => (flux_http_request *request, Job *job);
Complete (flux_http_request *request, Job *job) => ();

// A session is all requests for one result: the same file with the same parameters.
source Next {session: ResultOf} => Image;
Image = ReadRequest -> Find -> Write -> Complete;
Find = CheckCache -> Handler;
Handler:[_, hit] = ;
Handler:[_, _] = ReadInFromDisk -> Compress -> StoreInCache;
// What was kept may be of this very file: then it is good for another while.
Compress:[_, same] = ;
Compress:[_, _] = Decode -> Scale -> Encode;

constraint CheckCache:{cache};
constraint StoreInCache:{cache};
constraint Complete:{cache};

// Of requests for one result that come at once, the first computes it; the others wait for that, and find it.
constraint Find:{result(session)};

// The one waits for the disk, the others compute for milliseconds: no event loop is to be held by them.
blocking ReadInFromDisk, Decode, Scale, Encode;

handle error Image => Refuse;
