using Appliance.Router.Capture;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Flows;
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
        var sink = new RecordingSink();
        var path = new PacketPath(new FlowOptions(), sink, null, sink);
        using var source = new CaptureFile(file);
        path.Run(source, CancellationToken.None);
        path.Finish();
        return sink.Facts;
    }
}
