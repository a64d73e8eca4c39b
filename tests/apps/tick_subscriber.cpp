// Subscribes to MarketTick.
#include "subscribe.hpp"
#include "topics.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-tick-subscriber";
    defaults.service = "Market";
    defaults.instance = "Shanghai";
    defaults.event = "Tick";
    return subscribeTopic<MarketTick>(parseOptions(argc, argv, defaults));
}
