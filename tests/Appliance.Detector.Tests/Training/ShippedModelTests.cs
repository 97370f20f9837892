using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Detector.Training;
using Appliance.Tests.Shared;

namespace Appliance.Detector.Tests.Training;

[Trait("Category", "Slow")]
public sealed class ShippedModelTests
{
    [Fact]
    public void Training_gives_the_shipped_file_again_to_the_byte()
    {
        using var windows = new StreamReader(Path.Combine(Checkout.Traffic, "life.windows.tsv"));
        var capture = new TrainingCapture("life", WindowFile.Read(windows, "life.windows.tsv"));

        var model = new Trainer(new TrainingOptions()).Train([capture], _ => { }, CancellationToken.None);

        Assert.Equal(ShippedModel.Read(), OnnxWriter.Write(model));
    }

    [Fact]
    public void It_is_read_and_small()
    {
        var model = OnnxReader.Read(ShippedModel.Read(), ShippedModel.Name);

        Assert.InRange(model.WeightsCount, 1000, 3000);
        Assert.Equal(FeatureSchema.Version, model.SchemaVersion);
        Assert.Equal(413, model.Calibration.Count);
    }

    [Fact]
    public void A_port_scan_stands_out_and_is_explained_by_what_a_scan_is()
    {
        var model = OnnxReader.Read(ShippedModel.Read(), ShippedModel.Name);
        using var windows = new StreamReader(Path.Combine(Checkout.Traffic, "life.windows.tsv"));
        float[] values = [.. WindowFile.Read(windows, "life.windows.tsv")[100].Values];
        Feature[] scan = [Feature.AskedFlows, Feature.AskedTcpFlows, Feature.AskedRefused, Feature.AskedServices, Feature.AskedPairs, Feature.AskedNewServices];
        foreach (var feature in scan)
        {
            values[(int)feature] = 500;
        }

        float[] score = new float[1], rebuilt = new float[FeatureSchema.Count];
        new PlainScorer(model).Score(values, 1, score, rebuilt);

        Assert.True(model.Judge(score[0]).IsAnomalous);
        Assert.All(ErrorShares.Of(model, values, rebuilt).Take(3), share => Assert.Contains(share.Feature, scan.Select(feature => FeatureSchema.Names[(int)feature])));
    }
}
