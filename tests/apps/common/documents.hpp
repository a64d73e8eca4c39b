// Publishers and subscribers of MessagePack documents, written and read with msgpack-c and nothing else. One thread.
#pragma once

#include "publish.hpp"
#include "subscribe.hpp"

#include "iceoryx_posh/mepoo/chunk_header.hpp"
#include "iceoryx_posh/popo/untyped_publisher.hpp"
#include "iceoryx_posh/popo/untyped_subscriber.hpp"

#include <msgpack.hpp>

#include <cstring>
#include <exception>
#include <iostream>

/// Each sample is what `make(id)` returns, packed.
template <typename Make> int publishDocuments(const Options& options, const Make& make) {
    initRuntime(options);
    iox::popo::UntypedPublisher publisher{options.description(), options.publisher()};
    return runPublisher(options, publisher, [&](const SampleId id) {
        msgpack::sbuffer document;
        msgpack::pack(document, make(id));
        bool done{false};
        publisher.loan(static_cast<uint32_t>(document.size())).and_then([&](void* chunk) {
            std::memcpy(chunk, document.data(), document.size());
            publisher.publish(chunk);
            done = true;
        });
        return done;
    });
}

/// `check(ledger, document)` records a document. One that is none, is not what `check` takes it for, or has bytes
/// behind its end is recorded as damaged.
template <typename Check> int subscribeDocuments(const Options& options, const Check& check) {
    initRuntime(options);
    iox::popo::UntypedSubscriber subscriber{options.description(), options.subscriber()};
    const auto read = [&](Ledger& ledger, const void* const chunk) {
        const auto size = iox::mepoo::ChunkHeader::fromUserPayload(chunk)->userPayloadSize();
        std::size_t end{0};
        try {
            const auto handle = msgpack::unpack(static_cast<const char*>(chunk), size, end);
            if (end == size) {
                check(ledger, handle.get());
                return;
            }
            std::cerr << "bytes behind the document: " << size - end << std::endl;
        } catch (const std::exception& error) {
            std::cerr << "not the document expected: " << error.what() << std::endl;
        }
        ledger.record({}, false);
    };
    return runSubscriber(options, [&](Ledger& ledger) {
        bool done{false};
        subscriber.take().and_then([&](const void* chunk) {
            read(ledger, chunk);
            subscriber.release(chunk);
            done = true;
        });
        return done;
    });
}

/// Throws unless the document is a map of so many entries: what is not asked for, msgpack-c passes over.
inline void assertEntries(const msgpack::object& document, const uint32_t entries) {
    if (document.type != msgpack::type::MAP || document.via.map.size != entries) {
        throw msgpack::type_error();
    }
}
