using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Detector.Training;
using Appliance.Hosting.Errors;

namespace Appliance.Detector.Tests.Training;

public sealed class TrainerTests
{
    private static readonly TrainingOptions Quick = new() { Epochs = 60 };

    [Fact]
    public void The_same_windows_give_the_same_bytes()
    {
        var first = OnnxWriter.Write(Train(Quick));
        var second = OnnxWriter.Write(Train(Quick));

        Assert.Equal(first, second);
    }

    [Fact]
    public void Another_seed_gives_another_model() =>
        Assert.NotEqual(OnnxWriter.Write(Train(Quick)), OnnxWriter.Write(Train(Quick with { Seed = 2 })));

    [Fact]
    public void It_learns()
    {
        var losses = new List<double>();

        new Trainer(Quick).Train([MadeUpWindows.Capture()], progress => losses.Add(progress.Loss), CancellationToken.None);

        Assert.Equal(Quick.Epochs, losses.Count);
        Assert.True(losses[^1] < losses[0] / 3, $"{losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void Windows_of_the_same_kind_stay_below_the_threshold()
    {
        var model = Train(Quick);
        var unseen = MadeUpWindows.Capture(100, seed: 99);

        var judged = unseen.Windows.Select(window => model.Judge(Score(model, window.Values)));

        Assert.DoesNotContain(judged, score => score.IsAnomalous);
    }

    [Theory]
    [InlineData(Feature.AskedNewDestinations, 60)]
    [InlineData(Feature.AskedRefused, 200)]
    [InlineData(Feature.ServedFlows, 3_000)]
    [InlineData(Feature.LoginFailures, 40)]
    [InlineData(Feature.NeighborTargets, 250)]
    [InlineData(Feature.DnsPacketSizeOut, 240)]
    internal void What_was_changed_is_what_the_explanation_names(Feature feature, float value)
    {
        var model = Train(Quick);
        var window = MadeUpWindows.Window(new Random(3), 0).Values;
        window[(int)feature] = value;
        float[] score = new float[1], rebuilt = new float[FeatureSchema.Count];
        new PlainScorer(model).Score(window, 1, score, rebuilt);

        var share = ErrorShares.Of(model, window, rebuilt)[0];

        Assert.True(model.Judge(score[0]).IsAnomalous);
        Assert.Equal(FeatureSchema.Names[(int)feature], share.Feature);
        Assert.Equal(value, share.Value);
        Assert.InRange(share.Expected, 0, value / 4);
        Assert.InRange(share.Share, 0.5f, 1);
    }

    [Fact]
    public void A_fiftieth_of_poison_in_the_training_is_not_learned_as_normal()
    {
        var clean = MadeUpWindows.Capture();
        DeviceWindow[] mixed = [.. clean.Windows.Select((window, i) => i is 10 or 70 or 130 ? Poisoned(window) : window)];

        var model = new Trainer(Quick with { Epochs = 150 }).Train([clean with { Windows = mixed }], _ => { }, CancellationToken.None);

        Assert.True(model.Judge(Score(model, Poisoned(clean.Windows[4]).Values)).IsAnomalous);
    }

    [Fact]
    public void The_last_quarter_of_each_capture_calibrates_and_is_not_learned()
    {
        var captures = new[] { MadeUpWindows.Capture(200), MadeUpWindows.Capture(40) };

        var model = new Trainer(Quick).Train(captures, _ => { }, CancellationToken.None);

        Assert.Equal(60, model.Calibration.Count);
        Assert.StartsWith("180 windows learned and 60 for calibration from made-up, made-up", model.Provenance, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_as_old_as_its_last_window()
    {
        var model = Train(Quick);

        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 33, 20, TimeSpan.Zero), model.Created);
    }

    [Fact]
    public void Too_few_windows_are_refused_with_both_counts()
    {
        var error = Assert.Throws<InvalidInputException>(() => new Trainer(Quick).Train([MadeUpWindows.Capture(9)], _ => { }, CancellationToken.None));

        Assert.Contains("they hold 9 device windows, training takes at least 40", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 150)]
    [InlineData(999, 999)]
    [InlineData(1999, 1998)]
    public void A_threshold_is_the_conformal_quantile_or_the_largest_score_and_half(int scores, float expected) =>
        Assert.Equal(expected, ThresholdRule.Of([.. Enumerable.Range(1, scores).Select(i => (float)i)]));

    private static Autoencoder Train(TrainingOptions options) => new Trainer(options).Train([MadeUpWindows.Capture()], _ => { }, CancellationToken.None);

    private static float Score(Autoencoder model, float[] values)
    {
        var score = new float[1];
        new PlainScorer(model).Score(values, 1, score, []);
        return score[0];
    }

    private static DeviceWindow Poisoned(DeviceWindow window)
    {
        float[] values = [.. window.Values];
        values[(int)Feature.AskedRefused] = 300;
        values[(int)Feature.AskedNewDestinations] = 300;
        return window with { Values = values };
    }
}
