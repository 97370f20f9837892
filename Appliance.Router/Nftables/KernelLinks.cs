using System.ComponentModel;
using System.Text;
using Appliance.Router.Rules;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Nftables;

/// <summary>Neighbors and routes of the process's network namespace, and of the one that the firewall enforces in where that is another.</summary>
internal sealed partial class KernelLinks(FirewallChoice firewall, ILogger<KernelLinks> logger) : ILinks
{
    // IFNAMSIZ of linux/if.h.
    private const int NameBytes = 16;

    private readonly KernelPlace _own = new(null, "this network namespace");
    private bool _hasFailed;

    private IEnumerable<KernelPlace> Places => firewall.OpenPlace() is { HasHome: true } other ? [other, _own] : [_own];

    public IReadOnlyList<LinkNeighbor> ReadNeighbors() => [.. Places.SelectMany(place => Ask(place, ReadNeighbors, []))];

    public string InterfaceTo(BlockTarget address) => address.Kind == TargetKind.Mac
        ? ""
        : Places.Select(place => Ask(place, kernel => ReadInterface(kernel, address), "")).FirstOrDefault(name => name.Length > 0) ?? "";

    public string NameOf(long number) => number is > 0 and <= uint.MaxValue ? ReadName((uint)number) : "";

    private static IReadOnlyList<LinkNeighbor> ReadNeighbors(NetlinkExchange kernel)
    {
        var found = new List<(BlockTarget Address, BlockTarget Station, uint Link)>();
        kernel.Dump(
            "Reading the neighbors",
            LinkCodec.WriteNeighbors,
            payload =>
            {
                if (LinkCodec.TryReadNeighbor(payload, out var address, out var station, out var link))
                {
                    found.Add((address, station, link));
                }
            },
            found.Clear);
        var names = found.Select(entry => entry.Link).Distinct().ToDictionary(link => link, ReadName);
        return [.. found.Select(entry => new LinkNeighbor(entry.Address, entry.Station, names[entry.Link]))];
    }

    // The kernel refuses when there is no way: that is an answer, too.
    private static string ReadInterface(NetlinkExchange kernel, BlockTarget address)
    {
        var found = 0u;
        kernel.Ask(
            (ref writer, sequence) => LinkCodec.WriteRoute(ref writer, sequence, address),
            payload => found = LinkCodec.TryReadRoute(payload, out var link) ? link : found);
        return found == 0 ? "" : ReadName(found);
    }

    private static string ReadName(uint number)
    {
        Span<byte> name = stackalloc byte[NameBytes];
        name.Clear();
        return Libc.InterfaceName(number, name) == 0 ? "" : Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    private T Ask<T>(KernelPlace place, Func<NetlinkExchange, T> question, T nothing)
    {
        try
        {
            // Inside as a whole: an interface's number is a name only where it is.
            var answer = place.Run(() =>
            {
                using var kernel = new NetlinkExchange(NetlinkSocket.Open(Libc.RouteProtocol));
                return question(kernel);
            });
            _hasFailed = false;
            return answer;
        }
        catch (Exception error) when (error is Win32Exception or IOException or KernelRefusedException)
        {
            // Asked again and again: said once.
            if (!_hasFailed)
            {
                LogFailed(error);
            }

            _hasFailed = true;
            return nothing;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kernel does not tell of neighbors and routes: stations of gateways and people are not protected, and zones of sources are unknown.")]
    private partial void LogFailed(Exception error);
}
