import Hummingbird
import WireProtocol

// Both the HTTP framework and our wire protocol have a Request and a Response; here they get names of their own.

typealias ClientRequest = Hummingbird.Request
typealias ClientResponse = Hummingbird.Response
typealias WorkerRequest = WireProtocol.Request
typealias WorkerResponse = WireProtocol.Response
