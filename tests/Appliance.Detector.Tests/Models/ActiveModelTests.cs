using Appliance.Detector.Models;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Detector.Tests.Models;

public sealed class ActiveModelTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HealthBoard _board = new(TimeProvider.System);

    [Fact]
    public void Without_any_model_nothing_scores_and_health_says_so()
    {
        using var active = Active(Open());
        active.Load();

        var error = Assert.Throws<BusyException>(active.Use);
        Assert.Equal(("NO_ACTIVE_MODEL", "No model is active; upload one and activate it."), (error.Reason, error.Message));
        Assert.Null(active.TryUse());
        Assert.Equal((PartState.Degraded, "no model is active; upload one and activate it"), Health());
    }

    [Fact]
    public void A_batch_is_done_by_the_model_it_began_with()
    {
        var library = Open();
        var (first, second) = (library.Add(FileOf(1)), library.Add(FileOf(2)));
        using var active = Active(library);
        active.Activate(first);
        var begun = active.Use();

        var previous = active.Activate(second);
        var scores = new float[1];
        begun.Scorer.Score(SmallModel.Windows(1), 1, scores, []);
        var openWhileUsed = begun.IsClosed;
        begun.Dispose();

        Assert.Equal((first, false, true), (previous, openWhileUsed, begun.IsClosed));
        Assert.True(scores[0] > 0);
        using var next = active.Use();
        Assert.Equal(second, next.Stored);
    }

    [Fact]
    public void A_model_that_is_gone_is_used_no_more()
    {
        var library = Open();
        var active = Active(library);
        active.Activate(library.Add(FileOf(1)));
        var model = active.Use();
        model.Dispose();

        active.Dispose();

        Assert.Equal((true, false), (model.IsClosed, model.TryUse()));
        Assert.Null(active.TryUse());
    }

    [Fact]
    public void The_choice_is_loaded_again_after_a_restart()
    {
        var library = Open();
        var model = library.Add(FileOf(1));
        using (var before = Active(library))
        {
            before.Activate(model);
        }

        using var active = Active(Open());
        active.Load();

        using var used = active.Use();
        Assert.Equal((model.Id, OnnxScorer.Cpu), (used.Stored.Id, used.Scorer.Provider));
        Assert.Equal((PartState.Healthy, "version 1 scores by CPUExecutionProvider"), Health());
    }

    [Fact]
    public void The_shipped_model_steps_in_where_the_chosen_one_is_damaged()
    {
        var library = Open(FileOf(9));
        library.Choose(library.Add(FileOf(1)));
        File.WriteAllBytes(Directory.EnumerateFiles(_folder.Path, "*.onnx").Single(), FileOf(2));

        using var active = Active(Open(FileOf(9)));
        active.Load();

        using var used = active.Use();
        var (state, text) = Health();
        Assert.Equal((0L, PartState.Degraded), (used.Stored.Number, state));
        Assert.Contains("appliance models activate", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_that_cannot_be_written_changes_nothing()
    {
        var library = Open();
        var (first, second) = (library.Add(FileOf(1)), library.Add(FileOf(2)));
        using var active = Active(library);
        active.Activate(first);
        Directory.CreateDirectory(_folder.File("index.json.part"));

        Assert.Throws<LimitExceededException>(() => active.Activate(second));

        using var used = active.Use();
        Assert.Equal(first, used.Stored);
        Assert.Equal(first.Id, Open().Active?.Id);
    }

    [Fact]
    public void Activating_the_active_one_keeps_it_and_the_way_back()
    {
        var library = Open();
        var model = library.Add(FileOf(1));
        using var active = Active(library);
        active.Activate(model);
        using var before = active.Use();

        var previous = active.Activate(model);

        using var after = active.Use();
        Assert.Equal(model, previous);
        Assert.Same(before, after);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] FileOf(int seed) => OnnxWriter.Write(SmallModel.Create(seed));

    private (PartState State, string Text) Health() => _board.Snapshot.Where(part => part.Part == "model").Select(part => (part.State, part.Text)).Single();

    private ModelLibrary Open(byte[]? shipped = null) => new(_folder.Path, shipped, NullLogger<ModelLibrary>.Instance);

    private ActiveModel Active(ModelLibrary library)
    {
        var probe = new ScorerProbe(new OnnxRuntimeLibrary(Options.Create(new RuntimeOptions())), NullLogger<ScorerProbe>.Instance);
        return new ActiveModel(library, probe, _board, NullLogger<ActiveModel>.Instance);
    }
}
