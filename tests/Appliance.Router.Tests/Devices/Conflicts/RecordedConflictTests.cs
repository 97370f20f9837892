using Appliance.Router.Capture;
using Appliance.Router.Tests.Decoding.Facts;

namespace Appliance.Router.Tests.Devices.Conflicts;

/// <summary>Captures in which nobody takes another's address: none shows a conflict.</summary>
public sealed class RecordedConflictTests
{
    public static TheoryData<string> Files => Captured.Files();

    [Theory]
    [MemberData(nameof(Files))]
    public void No_conflict_where_nobody_spoofs(string file)
    {
        var bench = new ConflictBench();
        using var source = new CaptureFile(file);

        bench.Path.Run(source, CancellationToken.None);

        Assert.Empty(bench.Conflicts.Select(conflict => $"{conflict.Kind} {conflict.Origin.Source:x} {conflict.Holder} {conflict.Claimant} router {conflict.IsRouter} claims {conflict.Claims}"));
    }
}
