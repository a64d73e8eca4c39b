// Subscribes to ticks as MessagePack.
#include "documents.hpp"
#include "tick_document.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-msgpack-tick-subscriber";
    defaults.service = "Market";
    defaults.instance = "Shanghai";
    defaults.event = "Document";
    return subscribeDocuments(parseOptions(argc, argv, defaults), [](Ledger& ledger, const msgpack::object& document) {
        assertEntries(document, TickDocument::ENTRIES);
        const auto tick = document.as<TickDocument>();
        ledger.record(SampleId::decoded(tick.timestamp), tick.isIntact());
    });
}
