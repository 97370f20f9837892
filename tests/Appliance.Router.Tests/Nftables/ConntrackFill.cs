using Appliance.Router.Decoding;
using Appliance.Router.Nftables;
using static Appliance.Router.Nftables.ConntrackAttributes;

namespace Appliance.Router.Tests.Nftables;

/// <summary>Puts many connections into a namespace's table, translated ones of a client behind a gateway.</summary>
internal static class ConntrackFill
{
    private const int PerDatagram = 200;
    private const int MessageBytes = 256;
    private const uint Client = 0x0A470102;
    private const uint Gateway = 0x0A470201;
    private const uint Servers = 0x0A480000;
    private const int PortsPerServer = 50_000;

    public static void Add(TestNamespace place, int first, int count)
    {
        using var socket = place.OpenNetlink();
        for (var done = 0; done < count; done += PerDatagram)
        {
            var writer = new MessageWriter(new byte[PerDatagram * MessageBytes]);
            for (var number = first + done; number < first + Math.Min(count, done + PerDatagram); number++)
            {
                Write(ref writer, number);
            }

            socket.Send(writer.Written);
        }
    }

    private static void Write(ref MessageWriter writer, int number)
    {
        var (server, port) = (Servers + (uint)(number / PortsPerServer), (ushort)(10_000 + (number % PortsPerServer)));
        var message = writer.Begin(NetlinkProtocol.NewConnection, NetlinkProtocol.Request | NetlinkProtocol.Create, 1, NetlinkProtocol.FamilyIPv4);
        WriteTuple(ref writer, TupleOriginal, (Client, port), (server, 53));
        WriteTuple(ref writer, TupleReply, (server, 53), (Gateway, port));
        writer.Number32(ConntrackAttributes.Timeout, 3600);
        writer.End(message);
    }

    private static void WriteTuple(ref MessageWriter writer, ushort direction, (uint Address, ushort Port) source, (uint Address, ushort Port) destination)
    {
        var tuple = writer.BeginNested(direction);
        var addresses = writer.BeginNested(TupleAddresses);
        writer.Number32(Source4, source.Address);
        writer.Number32(Destination4, destination.Address);
        writer.EndNested(addresses);
        var protocol = writer.BeginNested(TupleProtocol);
        writer.Number8(ProtocolNumber, IPProtocol.Udp);
        writer.Number16(SourcePort, source.Port);
        writer.Number16(DestinationPort, destination.Port);
        writer.EndNested(protocol);
        writer.EndNested(tuple);
    }
}
