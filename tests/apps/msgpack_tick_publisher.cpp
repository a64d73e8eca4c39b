// Publishes ticks as MessagePack.
#include "documents.hpp"
#include "tick_document.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-msgpack-tick-publisher";
    defaults.service = "Market";
    defaults.instance = "Shanghai";
    defaults.event = "Document";
    return publishDocuments(parseOptions(argc, argv, defaults), TickDocument::of);
}
