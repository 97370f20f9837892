using Appliance.Hosting.Errors;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Decoding;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Router.Traffic;

/// <summary>Tracked connections as the contract carries them.</summary>
internal static class ConnectionWire
{
    public static ListConnectionsResponse ToMessage(ConnectionPage page) => new()
    {
        Connections = { page.Items.Select(connection => ToMessage(connection)) },
        NextPageToken = page.NextToken,
    };

    /// <summary>Null for the first page.</summary>
    public static ConnectionName? ToName(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        return ConnectionName.TryParse(token, out var name)
            ? name
            : throw new InvalidInputException("page_token", $"is '{token}', not one that ListConnections gave; begin without");
    }

    /// <summary>Null for any address.</summary>
    public static UInt128? ToAddress(ByteString address) => address.Length switch
    {
        0 => null,
        IPAddresses.IPv4Length or IPAddresses.IPv6Length => IPAddresses.FromBytes(address.Span),
        _ => throw new InvalidInputException("address", $"has {address.Length} bytes; an IPv4 address has 4, an IPv6 address 16"),
    };

    private static Protos.Traffic.V1.Connection ToMessage(in Connection connection)
    {
        var ends = connection.Original.Ends;
        var message = new Protos.Traffic.V1.Connection
        {
            Id = connection.Name.ToString(),
            Protocol = ends.Protocol,
            Source = ToBytes(ends.Source),
            SourcePort = ends.SourcePort,
            Destination = ToBytes(ends.Destination),
            DestinationPort = ends.DestinationPort,
            State = connection.State,
            PacketsOutCount = (ulong)connection.PacketsOut,
            PacketsInCount = (ulong)connection.PacketsIn,
            OutBytes = (ulong)connection.BytesOut,
            InBytes = (ulong)connection.BytesIn,
            IcmpId = connection.Original.IcmpId,
            Zone = connection.Zone,
            Mark = connection.Mark,
            IdleLeft = Duration.FromTimeSpan(connection.IdleLeft),
        };
        if (connection.IsTranslated)
        {
            var reply = connection.Reply.Ends;
            message.ReplySource = ToBytes(reply.Source);
            message.ReplySourcePort = reply.SourcePort;
            message.ReplyDestination = ToBytes(reply.Destination);
            message.ReplyDestinationPort = reply.DestinationPort;
        }

        return message;
    }

    private static ByteString ToBytes(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[IPAddresses.IPv6Length];
        return ByteString.CopyFrom(bytes[..IPAddresses.Write(address, bytes)]);
    }
}
