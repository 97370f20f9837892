using Appliance.Detector.Detectors;
using Appliance.Evaluation;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Evaluation;

/// <summary>What is detected today stays detected, and what is quiet stays quiet.</summary>
[Trait("Category", "Slow")]
public sealed class CorpusTests
{
    private static readonly Category[] Held = [Category.Scan, Category.BruteForce, Category.Flood];

    public static TheoryData<string> Manifests => [Path.Combine(Checkout.Traffic, "MANIFEST.tsv"), "corpus"];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Every_scan_guessing_and_flood_is_detected(string manifest)
    {
        var attacks = Entries(manifest).Where(entry => entry.Expectation.Accepted.Any(Held.Contains)).ToArray();

        var missed = attacks.Where(entry => !Verdict(entry).Detected).Select(entry => entry.File);

        Assert.NotEmpty(attacks);
        Assert.Empty(missed);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Nothing_benign_is_called_out(string manifest)
    {
        var benign = Entries(manifest).Where(entry => !entry.Expectation.IsAttack).ToArray();

        var loud = benign.Select(Verdict).Where(verdict => verdict.FalseAlarms > 0).Select(verdict => $"{verdict.File}: {verdict.FalseAlarms}");

        Assert.NotEmpty(benign);
        Assert.Empty(loud);
    }

    private static CaptureVerdict Verdict(ManifestEntry entry)
    {
        var trial = new CaptureTrial();
        var verdict = trial.Run(entry, TestContext.Current.CancellationToken);
        Assert.Null(trial.Fault);
        return verdict;
    }

    private static IReadOnlyList<ManifestEntry> Entries(string manifest)
    {
        if (manifest != "corpus")
        {
            return Manifest.Read(manifest);
        }

        Assert.SkipWhen(Checkout.Corpus is null, "APPLIANCE_CORPUS names no folder with the third-party corpus.");
        return Manifest.Read(Path.Combine(Checkout.Corpus!, "MANIFEST.tsv"));
    }
}
