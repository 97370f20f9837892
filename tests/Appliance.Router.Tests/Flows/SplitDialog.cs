using System.Text;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Flows;

namespace Appliance.Router.Tests.Flows;

/// <summary>A conversation turn by turn, put on the wire in segments that a test cuts and orders, and how its log-ins ended.</summary>
internal sealed class SplitDialog(int port, params (bool IsClient, byte[] Bytes)[] turns)
{
    private const uint ClientStart = 100;
    private const uint ServerStart = 500;

    public IReadOnlyList<(bool IsClient, byte[] Bytes)> Turns => turns;

    public static (bool IsClient, byte[] Bytes) Client(string text) => (true, Encoding.Latin1.GetBytes(text));

    public static (bool IsClient, byte[] Bytes) Server(string text) => (false, Encoding.Latin1.GetBytes(text));

    /// <summary>Puts all turns on the wire.</summary>
    /// <param name="wire">A wire of its own.</param>
    /// <param name="cut">The parts of a turn in the order in which they are sent.</param>
    /// <returns>The outcomes, each with whether the credentials were a default.</returns>
    public IReadOnlyList<(string Outcome, bool IsDefault)> Say(Wire wire, Func<int, byte[], IEnumerable<Range>> cut)
    {
        var (at, clientNext, serverNext) = (2.0, ClientStart + 1, ServerStart + 1);
        wire.Tcp(1, Wire.Client, 1000, Wire.Server, port, "S", sequence: ClientStart).Tcp(1, Wire.Server, port, Wire.Client, 1000, "SA", sequence: ServerStart, acknowledgment: ClientStart + 1);
        foreach (var (turn, (isClient, bytes)) in turns.Index())
        {
            foreach (var part in cut(turn, bytes))
            {
                var (offset, length) = part.GetOffsetAndLength(bytes.Length);
                var payload = bytes.AsSpan(offset, length).ToArray();
                at += 0.001;
                _ = isClient
                    ? wire.Tcp(at, Wire.Client, 1000, Wire.Server, port, "PA", payload, clientNext + (uint)offset, serverNext)
                    : wire.Tcp(at, Wire.Server, port, Wire.Client, 1000, "PA", payload, serverNext + (uint)offset, clientNext);
            }

            (clientNext, serverNext) = isClient ? (clientNext + (uint)bytes.Length, serverNext) : (clientNext, serverNext + (uint)bytes.Length);
        }

        wire.Tcp(at + 1, Wire.Client, 1000, Wire.Server, port, "R", sequence: clientNext);
        return [.. wire.Sink.Facts.OfType<LoginFact>().Select(login => (login.Outcome.ToString(), login.IsDefault))];
    }
}
