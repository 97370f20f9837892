using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Rules.Feeds;

/// <summary>The feeds that people asked for, each with its last good content in force.</summary>
internal sealed class FeedStore(FeedRecords records, FeedFiles files, FeedEnforcer enforcer, FeedAdmission admission, TimeProvider clock) : IDisposable
{
    private readonly FeedBook _book = new();

    // Held while something is put in force, never while something is fetched: a feed is deleted at once, however slow its server.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>All feeds, oldest first.</summary>
    public IReadOnlyList<Feed> All => _book.Snapshot.Feeds;

    /// <summary>All feeds, and what completes when one changes.</summary>
    public (IReadOnlyList<Feed> Feeds, Task Changed) Snapshot => _book.Snapshot;

    /// <summary>Completes when other addresses than now have to be kept out of the feeds' reach.</summary>
    public Task ProtectionChanged => enforcer.ProtectionChanged;

    /// <summary>Completes when somebody else has changed what the kernel holds of feeds.</summary>
    public Task Touched => enforcer.Touched;

    public IReadOnlyList<FeedDrops> ReadDrops() => enforcer.ReadDrops();

    /// <summary>The names that a feed in hosts format holds.</summary>
    public IReadOnlyList<string> ReadNames(string feedId) => files.Read(feedId).Names;

    /// <summary>Takes up what an earlier run left, and lets the first ruleset have the sets that its rules name.</summary>
    public void Load()
    {
        var feeds = records.Read();
        files.DeleteAllBut(feeds.Select(feed => feed.Id));
        foreach (var feed in feeds)
        {
            Put(feed with { Status = Trusted(feed, files.Read(feed.Id)) });
        }

        enforcer.Prepare(All);
    }

    /// <summary>Makes the firewall hold exactly what it should.</summary>
    public Task EnforceAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await enforcer.ApplyAsync(All, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>Puts right what somebody changed in the kernel, and keeps protected addresses protected; returns who has been heard to change it.</summary>
    public Task<IReadOnlyList<ForeignChange>> CheckAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var touches = enforcer.TakeTouches();
            await (touches.Count == 0 && enforcer.HoldsAll(All) ? enforcer.ProtectAsync(cancellationToken) : enforcer.ApplyAsync(All, cancellationToken));
            return touches;
        },
        cancellationToken);

    /// <summary>Repeating a request id of the same creator returns the first feed.</summary>
    public Task<Feed> CreateAsync(FeedEdit edit, string creator, string requestId, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (records.FindRequest(creator, requestId) is { } first)
            {
                return _book.Find(first) ?? throw new NotFoundException("feed", first);
            }

            var now = clock.GetUtcNow();
            var blank = new Feed(Guid.CreateVersion7(now).ToString("N"), 0, "", new Uri("https://invalid/"), FeedFormat.None, FeedAdmission.DefaultInterval);
            var feed = admission.Apply(edit, blank);
            DemandFree(feed);
            admission.DemandRoom(All.Count);
            await enforcer.PutAsync(before: null, feed, cancellationToken);
            records.Create(feed, creator, requestId, now);
            return Put(feed);
        },
        cancellationToken);

    public Task<Feed> UpdateAsync(FeedEdit edit, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var before = Demand(edit.Id);
            if (edit.Etag.Length > 0 && edit.Etag != before.Etag)
            {
                throw new StaleEtagException($"Feed {before.Id} has etag {before.Etag}, the request has {edit.Etag}; read it again and repeat the change.");
            }

            var feed = admission.Apply(edit, before);
            DemandFree(feed);
            feed = feed.HasSourceOf(before) ? feed : feed with { Status = feed.Status with { Validators = FeedValidators.None, Failure = "", FailureCount = 0, IsOfOtherSource = true } };
            if (feed.IsDropping != before.IsDropping || feed.IsMatchOnly != before.IsMatchOnly || feed.IsDisabled != before.IsDisabled)
            {
                await enforcer.PutAsync(before, feed, cancellationToken);
            }

            records.Save(feed);
            return Put(feed);
        },
        cancellationToken);

    /// <summary>Takes its entries out of force at once.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var feed = Demand(id);
            await enforcer.RemoveAsync(feed, cancellationToken);
            records.Delete(id);
            files.Delete(id);
            _book.Remove(id);
            return feed;
        },
        cancellationToken);

    /// <summary>Puts what was fetched in the place of what was there, or says why not; null when the feed was changed or deleted meanwhile.</summary>
    public Task<Feed?> TakeAsync(Feed asked, FetchOutcome outcome, CancellationToken cancellationToken) => InTurnAsync<Feed?>(
        async () =>
        {
            if (_book.Find(asked.Id) is not { IsDisabled: false } feed || !feed.HasSourceOf(asked))
            {
                return null;
            }

            var taken = feed with { Status = await TakeAsync(feed, outcome) };
            records.Save(taken);
            return Put(taken);
        },
        cancellationToken);

    public void Dispose() => _turn.Dispose();

    // What the caller's token would stop half way is brought to its end: the kernel, the file and the record belong together.
    private async Task<FeedStatus> TakeAsync(Feed feed, FetchOutcome outcome)
    {
        var status = feed.Status;
        if (outcome.IsUnchanged)
        {
            return Confirmed(status);
        }

        if (FaultOf(status, outcome) is { } fault)
        {
            return Failed(status, fault);
        }

        try
        {
            var reading = outcome.Reading!;
            var digest = files.Write(feed.Id, reading);
            status = Confirmed(status) with
            {
                Entries = reading.Addresses.Count,
                Names = reading.Names.Count,
                RejectedLines = reading.RejectedLines,
                Validators = outcome.Validators,
                Digest = digest,
                IsOfOtherSource = false,
            };
            // What has not changed needs no transaction, unless the failure before this one kept it out of the kernel.
            if (digest != feed.Status.Digest || feed.Status.Failure.Length > 0)
            {
                await enforcer.PutAsync(feed, feed, CancellationToken.None);
            }

            return status;
        }
        catch (Exception error) when (error is UnreachableException or IOException or UnauthorizedAccessException)
        {
            // Without validators the next answer is a whole one, to be tried again.
            return Failed(status, error.Message) with { Validators = FeedValidators.None };
        }
    }

    private string? FaultOf(FeedStatus status, FetchOutcome outcome) => outcome.Failure
        ?? FeedVerdict.FaultOf(outcome.Reading!, status.IsOfOtherSource ? 0 : status.Entries + status.Names, admission.Limits);

    private FeedStatus Confirmed(FeedStatus status) => status with { FetchTime = clock.GetUtcNow(), Failure = "", FailureCount = 0 };

    private static FeedStatus Failed(FeedStatus status, string why) => status with { Failure = why, FailureCount = status.FailureCount + 1 };

    // A record that outlived its file, or the other way round, as after a power cut between the two.
    private static FeedStatus Trusted(Feed feed, FeedContent content)
    {
        if (content.Digest.Length == 0)
        {
            return new FeedStatus { Failure = feed.Status.Failure, FailureCount = feed.Status.FailureCount };
        }

        return content.Digest == feed.Status.Digest
            ? feed.Status
            : feed.Status with { Validators = FeedValidators.None, Digest = content.Digest, Entries = content.Addresses.Count, Names = content.Names.Count };
    }

    private Feed Put(Feed feed)
    {
        var next = feed with { Status = feed.Status with { NextTime = NextTime(feed) } };
        _book.Put(next);
        return next;
    }

#pragma warning disable CA5394 // Spreads fetches in time; nothing secret comes of it.
    private DateTimeOffset NextTime(Feed feed) => feed switch
    {
        { IsDisabled: true } => DateTimeOffset.MaxValue,
        { Status: { IsOfOtherSource: true, FailureCount: 0 } } => clock.GetUtcNow(),
        _ => RefreshSchedule.Next(feed, clock.GetUtcNow(), Random.Shared.NextDouble()),
    };
#pragma warning restore CA5394

    private Feed Demand(string id) => _book.Find(id) ?? throw new NotFoundException("feed", id);

    private void DemandFree(Feed feed)
    {
        if (All.FirstOrDefault(other => other.Id != feed.Id && string.Equals(other.Name, feed.Name, StringComparison.OrdinalIgnoreCase)) is { } namesake)
        {
            throw new BusyException("FEED_NAME_TAKEN", $"Feed {namesake.Id} has the name '{namesake.Name}'; take another.");
        }
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
