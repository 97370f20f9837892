using Appliance.Logger.Alerts;
using Appliance.Logger.Storage;
using Appliance.Logger.Tests.Alerts;

namespace Appliance.Logger.Tests.Storage;

public sealed class LoggerFileTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    [Fact]
    public void A_commit_waits_for_the_medium()
    {
        Assert.Equal("wal", _folder.File.Writer.Scalar("PRAGMA journal_mode"));
        Assert.Equal(2L, _folder.File.Writer.Scalar("PRAGMA synchronous"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void A_damaged_file_is_set_aside_and_a_new_one_begun(int from)
    {
        _folder.Store.Store(Samples.Alerts(500), 500);
        _folder.File.Dispose();
        Damage(from);
        var log = new RecordingLogger<LoggerFile>();

        using var file = new LoggerFile(_folder.FilePath, _folder.Clock, log);

        Assert.Equal(0L, file.Reader.Scalar("SELECT count(*) FROM alert"));
        Assert.Equal(_folder.FilePath + ".damaged-20261124T100000", file.SetAsidePath);
        Assert.True(File.Exists(file.SetAsidePath));
        Assert.Contains(file.SetAsidePath, Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_taken_as_new()
    {
        _folder.File.Dispose();
        File.WriteAllBytes(_folder.FilePath, []);

        _folder.Reopen();

        Assert.Null(_folder.File.SetAsidePath);
        Assert.Empty(_folder.Store.List(new AlertQuery()));
    }

    [Fact]
    public void A_file_of_a_newer_program_is_left_alone_and_named()
    {
        _folder.File.Writer.Run("PRAGMA user_version=99");
        _folder.File.Dispose();

        var error = Assert.Throws<InvalidOperationException>(_folder.Reopen);

        Assert.Contains("schema 99", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.FilePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_does_not_wait_for_a_writer()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        using var writing = _folder.File.Writer.BeginTransaction();
        _folder.File.Writer.Run("DELETE FROM alert");

        var alerts = _folder.Store.List(new AlertQuery());

        Assert.Single(alerts);
    }

    public void Dispose() => _folder.Dispose();

    private void Damage(int from)
    {
        using var stream = File.OpenWrite(_folder.FilePath);
        stream.Position = from;
        stream.Write(Enumerable.Repeat((byte)0xA5, 3 * 4096).ToArray());
    }
}
