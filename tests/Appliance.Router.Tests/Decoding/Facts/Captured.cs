using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>The facts of a capture file, and which files there are.</summary>
internal static class Captured
{
    public static TheoryData<string> Files()
    {
        var files = new[] { Checkout.Traffic, Checkout.Corpus }.OfType<string>().Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.pcap*"))
            .Order(StringComparer.Ordinal);
        return [.. files];
    }

    public static List<Fact> Facts(string file)
    {
        var facts = new List<Fact>();
        using var source = new CaptureFile(file);
        while (source.Read(out var frame) == ReadOutcome.Frame)
        {
            if (PacketDecoder.TryDecode(frame, out var packet) && packet.Protocol == 17 && DatagramFacts.Read(packet) is { } fact)
            {
                facts.Add(fact);
            }
        }

        return facts;
    }
}
