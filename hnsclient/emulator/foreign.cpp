// SPDX-License-Identifier: Apache-2.0
#include "hnsclient/emulator/foreign.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "hnsclient/emulator/json_access.hpp"

namespace hnsclient::emulator {

using nlohmann::json;

namespace {

/// An object as each API tells it.
struct Published {
    const char* v1;
    const char* v2;
};

constexpr std::array networks{
    Published{
        R"json({"ActivityId":"E2636C76-ACBD-4FBC-BACA-AA98B303B0F6","AdditionalParams":{},
"CurrentEndpointCount":1,"DNSServerList":"192.168.201.249","Extensions":[
{"Id":"E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A","IsEnabled":false,
"Name":"Microsoft Windows Filtering Platform"}],"Flags":265,"GatewayMac":"00-15-5D-BF-C6-40",
"ID":"790E58B4-7939-4434-9358-89AE7DDBE87E","IPv6":false,"IsolateSwitch":true,
"LayeredOn":"BFEE2CBD-B935-461C-97FE-2DDDC2AD01A3",
"MacPools":[{"EndMacAddress":"00-15-5D-BF-CF-FF","StartMacAddress":"00-15-5D-BF-C0-00"}],
"MaxConcurrentEndpoints":1,"Name":"WSL (Hyper-V firewall)",
"NatName":"ICS21D70693-A6F4-4D9A-A4FE-E0AD81B157FA","Policies":[],"State":1,
"Subnets":[{"AdditionalParams":{},"AddressPrefix":"192.168.201.248/29","Flags":0,
"GatewayAddress":"192.168.201.249","ID":"6411C858-A454-41AC-A92A-3E97BD989397","ObjectType":5,
"Policies":[]}],"SwitchGuid":"790E58B4-7939-4434-9358-89AE7DDBE87E","TotalEndpoints":1,
"Type":"ICS","Version":64424509440})json",
        R"json({"ID":"790e58b4-7939-4434-9358-89ae7ddbe87e","Name":"WSL (Hyper-V firewall)",
"Type":"ICS","Policies":[{"Type":"VSwitchExtension",
"Settings":{"ExtensionID":"f74f241b-440f-4433-bb28-00f89ead20d8"}},{"Type":"VSwitchExtension",
"Settings":{"ExtensionID":"430bdadd-bab0-41ab-a369-94b67fa5be0a","Enable":true}}],
"MacPool":{"Ranges":[{"StartMacAddress":"00-15-5D-BF-C0-00","EndMacAddress":"00-15-5D-BF-CF-FF"}]},
"Flags":265,"State":1,"Health":{"Extra":{"Resources":{"AllocationOrder":2}}},
"SchemaVersion":{"Major":2,"Minor":0}})json"},
    Published{
        R"json({"ActivityId":"4433905F-F5E1-4453-9B24-EC9C1C00B655","AdditionalParams":{},
"CurrentEndpointCount":0,"Flags":11,"GatewayMac":"00-15-5D-01-0F-00",
"ID":"C08CB7B8-9B3C-408E-8E30-5E16A3AEB444","IPv6":false,
"MacPools":[{"EndMacAddress":"00-15-5D-B5-3F-FF","StartMacAddress":"00-15-5D-B5-30-00"}],
"MaxConcurrentEndpoints":0,"Name":"Default Switch",
"NatName":"ICSE54B75E2-8E56-443E-BA86-D3384E95F104","Policies":[],"State":1,
"Subnets":[{"AdditionalParams":{},"AddressPrefix":"172.27.96.0/20","Flags":0,
"GatewayAddress":"172.27.96.1","ID":"4269C06B-4075-49D0-91BE-680D498A0C7C","ObjectType":5,
"Policies":[],"State":0}],"SwitchName":"Default Switch","TotalEndpoints":0,"Type":"ICS",
"Version":64424509440})json",
        R"json({"ID":"c08cb7b8-9b3c-408e-8e30-5e16a3aeb444","Name":"Default Switch","Type":"ICS",
"SchemaVersion":{"Major":2,"Minor":0},"Flags":11,"Ipams":[{"Subnets":[
{"IpAddressPrefix":"172.27.96.0/20","Routes":[{"NextHop":"172.27.96.1",
"DestinationPrefix":"0.0.0.0/0"}]}]}]})json"},
    Published{
        R"json({"Health":{"LastErrorCode":0,"LastUpdateTime":131855502560704885},
"ID":"7D3C684D-379E-45F1-817A-6A73DF3694AD","IPv6":false,
"MacPools":[{"EndMacAddress":"00-15-5D-F1-BF-FF","StartMacAddress":"00-15-5D-F1-B0-00"}],
"MaxConcurrentEndpoints":0,"Name":"EXTERNAL","Policies":[],"State":1,"TotalEndpoints":0,
"Type":"Transparent","Version":38654705665})json",
        R"json({"ID":"7d3c684d-379e-45f1-817a-6a73df3694ad","Name":"EXTERNAL","Type":"Transparent"})json"}};

constexpr auto endpoint = R"json({"ID":"790E58B4-7939-4434-9358-89AE7DDBE87F","Name":"Ethernet",
"Schema":"V2","NetworkID":"790E58B4-7939-4434-9358-89AE7DDBE87E","NamespaceID":"",
"MacAddress":"00-15-5D-0A-FD-5A","Routes":[],"Dns":{},"Policies":[],"Flags":32,
"IpConfigurations":[],"SharedContainers":[],"State":2})json";

constexpr auto name_space =
    R"json({"ID":"910F7D92-BA2D-4C3F-98AE-7C0AC590D2DC","Type":"HostDefault",
"NamespaceId":1,"Endpoints":[],"Containers":[],"Answers":{"v1":{
"ActivityId":"108F5FD4-C87D-4D3C-9419-2683FE237F5C","AdditionalParams":{},
"CompartmentGuid":"B1062982-2B18-4B4F-B3D5-A78DDB9CDD49","CompartmentId":1,"Containers":[],
"Flags":0,"ID":"910F7D92-BA2D-4C3F-98AE-7C0AC590D2DC","IsDefault":true,"Policies":[],"State":1,
"Version":64424509440,"Resources":{}}}})json";

void add(ObjectStore& store, Kind kind, const json& object) {
    if (!store.find(kind, text_at(object, "ID"))) store.put(kind, object);
}

} // namespace

void add_foreign_objects(ObjectStore& store) {
    for (const auto& network : networks) {
        json kept = json::parse(network.v1);
        kept["Answers"] = {{"v1", kept}, {"v2", json::parse(network.v2)}};
        add(store, Kind::network, kept);
    }
    add(store, Kind::endpoint, json::parse(endpoint));
    add(store, Kind::name_space, json::parse(name_space));
}

} // namespace hnsclient::emulator
