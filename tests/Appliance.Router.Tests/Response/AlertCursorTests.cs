using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Response;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Response;

public sealed class AlertCursorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void The_last_revision_outlives_the_process()
    {
        Open().Advance(7);

        Assert.Equal(7ul, Open().Revision);
    }

    [Fact]
    public void It_is_written_once_a_second_and_when_the_stream_ends()
    {
        var cursor = Open();
        cursor.Advance(7);
        cursor.Advance(8);
        var within = Open().Revision;
        _clock.Advance(TimeSpan.FromSeconds(1));
        cursor.Advance(9);
        var later = Open().Revision;
        cursor.Advance(10);

        cursor.Save();

        Assert.Equal((7ul, 9ul, 10ul), (within, later, Open().Revision));
    }

    [Fact]
    public void It_follows_a_Detector_that_began_anew()
    {
        var cursor = Open();
        cursor.Advance(900);

        cursor.Advance(1);
        cursor.Save();

        Assert.Equal(1ul, Open().Revision);
    }

    [Fact]
    public void A_file_without_a_number_starts_from_the_beginning()
    {
        Open().Advance(7);
        File.WriteAllText(_folder.File(Path.Combine("router", AlertCursor.FileName)), "7up");

        Assert.Equal(0ul, Open().Revision);
    }

    public void Dispose() => _folder.Dispose();

    private AlertCursor Open() =>
        new(new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router)), _clock);
}
