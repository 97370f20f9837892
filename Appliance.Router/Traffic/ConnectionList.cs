using Appliance.Hosting.Errors;

namespace Appliance.Router.Traffic;

/// <summary>The kernel's connections page by page, and the end of one.</summary>
internal sealed class ConnectionList(IConnectionTracker tracker)
{
    /// <summary>The first connections by name behind the one given; a full table is read once a page and never held.</summary>
    public ConnectionPage Read(ConnectionName? after, UInt128? address, int count)
    {
        var page = new ConnectionSelection(after, address, count + 1);
        tracker.Read(page.Take, page.Clear);
        return new ConnectionPage(page.InOrder(), count);
    }

    public void Delete(string id)
    {
        if (!ConnectionName.TryParse(id, out var name))
        {
            throw new InvalidInputException("connection_id", $"is '{id}', not one that ListConnections gave");
        }

        if (!tracker.Delete(name))
        {
            throw new NotFoundException("connection", id);
        }
    }
}
