using System.Text;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Decoding.Dhcp;
using Appliance.Router.Tests.Decoding.Dns;

namespace Appliance.Router.Tests.Devices;

/// <summary>Frames by which devices show themselves.</summary>
internal static class DeviceFrames
{
    public const string Camera = "00:40:8c:5a:10:21";
    public const string Phone = "06:40:8c:5a:10:22";
    public const string Gateway = "00:00:5e:00:53:01";
    public const string Everybody = "ff:ff:ff:ff:ff:ff";

    public static byte[] Arp(string mac, string address, string asks = "192.168.1.1") => Frames.Ethernet(0x0806, Frames.Arp(1, mac, address, asks), mac, Everybody);

    public static byte[] Udp(string mac, string from, string to, int sourcePort, int destinationPort, byte[] payload, string? toMac = null) =>
        Frames.Ethernet(0x0800, Frames.IPv4(from, to, 17, Frames.Udp(sourcePort, destinationPort, payload)), mac, toMac ?? Everybody);

    /// <summary>A client of the address that <see cref="DhcpMessages.Client"/> says asks with a name.</summary>
    public static byte[] DhcpRequest(string name, string vendorClass = "udhcp 1.35") => Udp(DhcpMessages.Client, "0.0.0.0", "255.255.255.255", 68, 67, DhcpMessages.Message(
        [DhcpMessages.Option(53, 3), DhcpMessages.Option(12, Bytes(name)), DhcpMessages.Option(60, Bytes(vendorClass)), DhcpMessages.Option(55, 1, 3, 6)]));

    public static byte[] DhcpAcknowledge(string server, string leased) => Udp(server, "192.168.1.1", "255.255.255.255", 67, 68, DhcpMessages.Message(
        [DhcpMessages.Option(53, 5)], your: leased));

    /// <summary>An mDNS response that announces a host's address and a service of it.</summary>
    public static byte[] Announcement(string mac, string from, string host, string announced, string service) => Udp(mac, from, "224.0.0.251", 5353, 5353, DnsMessages.Message(
        DnsMessages.Reply,
        [],
        [
            DnsMessages.Record(DnsMessages.Name($"{host}.local"), 1, Frames.Address(announced)),
            DnsMessages.Record(DnsMessages.Name($"{service}.local"), 12, DnsMessages.Name($"Thing.{service}.local")),
        ]));

    /// <summary>An mDNS response with the strings of a TXT record.</summary>
    public static byte[] Texts(string mac, params string[] strings) => Udp(mac, "192.168.1.21", "224.0.0.251", 5353, 5353, DnsMessages.Message(
        DnsMessages.Reply, [], [DnsMessages.Record(DnsMessages.Name("Thing._hap._tcp.local"), 16, [.. strings.SelectMany(text => DnsMessages.Label(Encoding.UTF8.GetBytes(text)))])]));

    public static byte[] SsdpNotify(string mac, string from, string type) => Udp(
        mac, from, "239.255.255.250", 1900, 1900, Bytes($"NOTIFY * HTTP/1.1\r\nNT: {type}\r\nUSN: uuid:1::{type}\r\nSERVER: Linux/5 UPnP/1.0 thing/1\r\n\r\n"));

    /// <summary>A connection in clear whose client says what it is.</summary>
    public static byte[][] WebRequest(string mac, string from, string userAgent) =>
    [
        Tcp(mac, from, 0x02, [], 0),
        Tcp(mac, from, 0x18, Bytes($"GET / HTTP/1.1\r\nHost: web.example\r\nUser-Agent: {userAgent}\r\n\r\n"), 1),
    ];

    private static byte[] Tcp(string mac, string from, byte flags, byte[] payload, uint sequence) =>
        Frames.Ethernet(0x0800, Frames.IPv4(from, "203.0.113.80", 6, Frames.Tcp(40_000, 80, flags, payload, sequence)), mac, Gateway);

    private static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
