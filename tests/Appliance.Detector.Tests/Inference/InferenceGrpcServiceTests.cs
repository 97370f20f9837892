using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Detector.Tests.Models;
using Appliance.Protos.Inference.V1;
using Grpc.Core;

namespace Appliance.Detector.Tests.Inference;

[Trait("Category", "Slow")]
public sealed class InferenceGrpcServiceTests
{
    private static readonly int Width = FeatureSchema.Count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_batch_is_answered_in_order_with_the_plain_scorers_scores()
    {
        var (site, network, model) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        using var call = site.Models.ScoreWindows(cancellationToken: Token);

        foreach (var rows in (int[])[1, 1024, 3])
        {
            var windows = SmallModel.Windows(rows, seed: rows);
            await call.RequestStream.WriteAsync(Request(windows), Token);
            var response = await NextAsync(call);

            Agreement.Check(Agreement.Expected(network, windows).Scores, [.. response.Scores.Select(score => score.Value)]);
            Assert.Equal(model.Id, response.ModelId);
            Assert.All(response.Scores, score => Assert.Equal((network.Calibration.PValue(score.Value), score.Value > network.Threshold), (score.PValue, score.Anomalous)));
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task Windows_that_cannot_be_scored_are_counted_and_named_and_the_others_are_scored()
    {
        var (site, network, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var windows = SmallModel.Windows(4);
        var request = Request(windows);
        request.Windows[1].Features[2] = float.NaN;
        request.Windows[3].Features.RemoveAt(0);
        using var call = site.Models.ScoreWindows(cancellationToken: Token);

        await call.RequestStream.WriteAsync(request, Token);
        var response = await NextAsync(call);

        var expected = Agreement.Expected(network, windows).Scores;
        Agreement.Check([expected[0], expected[2]], [.. response.Scores.Select(score => score.Value)]);
        Assert.Equal([1u, 3u], response.RejectedIndexes);
        Assert.Equal($"Window 1: its '{FeatureSchema.Names[2]}' (feature 2) is NaN, features must be finite.", response.RejectionReason);
    }

    [Theory]
    [InlineData(2u, 1, StatusCode.FailedPrecondition, "schema version 2", "takes 1")]
    [InlineData(0u, 1, StatusCode.FailedPrecondition, "schema version 0", "takes 1")]
    [InlineData(1u, 0, StatusCode.InvalidArgument, "windows: has 0", "1 to 1024")]
    [InlineData(1u, 1025, StatusCode.InvalidArgument, "windows: has 1025", "1 to 1024")]
    public async Task Batch_of_another_schema_or_size_ends_the_call(uint schema, int rows, StatusCode code, params string[] words)
    {
        var (site, _, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        using var call = site.Models.ScoreWindows(cancellationToken: Token);
        var request = Request(SmallModel.Windows(rows));
        request.SchemaVersion = schema;

        await call.RequestStream.WriteAsync(request, Token);
        var status = await ModelSite.RefusalAsync(() => NextAsync(call));

        Assert.Equal(code, status.StatusCode);
        Assert.All(words, word => Assert.Contains(word, status.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_explanation_names_the_feature_that_was_disturbed()
    {
        var (site, network, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var values = new float[Width];
        var at = FeatureSchema.Names.ToList().IndexOf("asked_new_destinations");
        values[at] = 1e9f;

        var answer = await ExplainAsync(site, values);

        var (scores, rebuilt) = Agreement.Expected(network, values);
        var expected = ErrorShares.Of(network, values, rebuilt);
        Assert.Equal(("asked_new_destinations", 1e9f), (answer.Shares[0].Feature, answer.Shares[0].Value));
        Assert.Equal(5, answer.Shares.Count);
        Agreement.Check([scores[0], .. expected.Select(share => share.Share)], [answer.Score.Value, .. answer.Shares.Select(share => share.Share)]);
        Agreement.Check([.. expected.Select(share => share.Expected)], [.. answer.Shares.Select(share => share.Expected)]);
    }

    [Fact]
    public async Task A_window_that_cannot_be_explained_is_refused_by_name()
    {
        var (site, _, _) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var values = new float[Width];
        values[1] = float.PositiveInfinity;

        var infinite = await ModelSite.RefusalAsync(() => ExplainAsync(site, values));
        var narrow = await ModelSite.RefusalAsync(() => ExplainAsync(site, values[..3]));
        var missing = await ModelSite.RefusalAsync(() => site.Models.ExplainWindowAsync(new ExplainWindowRequest { SchemaVersion = 1 }, cancellationToken: Token).ResponseAsync);

        Assert.All([infinite, narrow, missing], status => Assert.Equal(StatusCode.InvalidArgument, status.StatusCode));
        Assert.Contains($"'{FeatureSchema.Names[1]}' (feature 1) is Infinity", infinite.Detail, StringComparison.Ordinal);
        Assert.Contains($"it has 3 features, the schema has {Width}", narrow.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activating_while_others_score_drops_and_mixes_nothing()
    {
        var (site, first, one) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        var second = SmallModel.Create(seed: 2);
        var two = await site.UploadAsync(OnnxWriter.Write(second));
        var windows = SmallModel.Windows(32);
        var expected = new Dictionary<string, float[]> { [one.Id] = Agreement.Expected(first, windows).Scores, [two.Id] = Agreement.Expected(second, windows).Scores };
        using var swapped = new CancellationTokenSource();

        var scoring = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ScoreUntilAsync(site, windows, swapped.Token), Token)).ToList();
        for (var i = 0; i < 10; i++)
        {
            await site.Models.ActivateModelAsync(new ActivateModelRequest { ModelId = i % 2 == 0 ? two.Id : one.Id }, cancellationToken: Token);
        }

        await swapped.CancelAsync();
        var responses = (await Task.WhenAll(scoring)).SelectMany(list => list).ToList();

        Assert.All(responses, response => Agreement.Check(expected[response.ModelId], [.. response.Scores.Select(score => score.Value)]));
        Assert.Equal(2, responses.Select(response => response.ModelId).Distinct().Count());
    }

    [Fact]
    public async Task A_call_that_its_caller_cancels_leaves_the_model_free_to_go()
    {
        var (site, _, one) = await ModelSite.StartWithModelAsync();
        await using var _1 = site;
        using var call = site.Models.ScoreWindows(cancellationToken: Token);
        await call.RequestStream.WriteAsync(Request(SmallModel.Windows(2)), Token);
        await NextAsync(call);

        call.Dispose();
        var two = await site.UploadAsync(OnnxWriter.Write(SmallModel.Create(seed: 2)));
        var answer = await site.Models.ActivateModelAsync(new ActivateModelRequest { ModelId = two.Id }, cancellationToken: Token);

        Assert.Equal((one.Id, Model.Types.State.Active), (answer.PreviousModelId, answer.Model.State));
    }

    private static async Task<List<ScoreWindowsResponse>> ScoreUntilAsync(ModelSite site, float[] windows, CancellationToken enough)
    {
        using var call = site.Models.ScoreWindows(cancellationToken: Token);
        var responses = new List<ScoreWindowsResponse>();
        do
        {
            await call.RequestStream.WriteAsync(Request(windows), Token);
            responses.Add(await NextAsync(call));
        }
        while (!enough.IsCancellationRequested);

        return responses;
    }

    private static async Task<ExplainWindowResponse> ExplainAsync(ModelSite site, float[] values) => await site.Models.ExplainWindowAsync(
        new ExplainWindowRequest { SchemaVersion = FeatureSchema.Version, Window = new Window { Features = { values } } }, cancellationToken: Token);

    private static ScoreWindowsRequest Request(float[] windows) => new() { SchemaVersion = FeatureSchema.Version, Windows = { ModelSite.Windows(windows) } };

    private static async Task<ScoreWindowsResponse> NextAsync(AsyncDuplexStreamingCall<ScoreWindowsRequest, ScoreWindowsResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Token));
        return call.ResponseStream.Current;
    }
}
