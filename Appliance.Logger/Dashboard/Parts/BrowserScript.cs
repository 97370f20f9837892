using Microsoft.JSInterop;

namespace Appliance.Logger.Dashboard.Parts;

/// <summary>The page's one script module, loaded once a circuit.</summary>
public sealed class BrowserScript(IJSRuntime browser, string address) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    /// <summary>Starts what lives as long as the page and tells the browser's time zone.</summary>
    public async Task<string> StartAsync() => await (await ModuleAsync()).InvokeAsync<string>("start") ?? "";

    public async Task CallAsync(string function, params object?[] arguments) =>
        await (await ModuleAsync()).InvokeVoidAsync(function, arguments);

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            try
            {
                await (await _module).DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser is gone, and the module with it.
            }
        }
    }

    private Task<IJSObjectReference> ModuleAsync() =>
        _module ??= browser.InvokeAsync<IJSObjectReference>("import", Rooted(address)).AsTask();

    // A module's address must not be bare: "./" is relative to <base>.
    private static string Rooted(string address) => address.StartsWith('/') ? address : "./" + address;
}
